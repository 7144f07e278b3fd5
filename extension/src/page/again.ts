// Runs before everything else of the page's world (`build.mjs` puts it there), and says whether there is nothing else to do: a
// frame that its parent reached before its document came has the parent's hooks, which stay in charge and live as long.
import { HELLO, MARK } from "./question";

const follow: unknown = Reflect.getOwnPropertyDescriptor(location, MARK)?.value;
export const isAgain = typeof follow === "function" && (follow as () => boolean)() === true;
// The isolated world waits for hooks once: the page must not speak in their place.
if (isAgain) dispatchEvent(new FocusEvent(HELLO));
