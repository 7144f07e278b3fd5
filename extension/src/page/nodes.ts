// Functions of the document's tree as they were before the page's first script. Only documents have them: workers share
// `own.ts`, not these.
import { getter, uncurried } from "./own";

/** Types of nodes, as DOM numbers them. */
export const ELEMENT = 1;
export const DOCUMENT = 9;
export const FRAGMENT = 11;

export const nodeType = getter(Node.prototype, "nodeType");
export const isConnected = getter(Node.prototype, "isConnected");
export const documentOf = getter(Node.prototype, "ownerDocument");
export const viewOf = getter(Document.prototype, "defaultView");
export const parentOf = getter(Node.prototype, "parentNode");
export const firstOf = getter(Node.prototype, "firstChild");
export const localName = getter(Element.prototype, "localName");
export const appendChild = uncurried(Node.prototype.appendChild as (this: Node, child: Node) => Node);
export const fragmentOf = uncurried(Document.prototype.createDocumentFragment);
