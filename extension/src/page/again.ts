// Runs before everything else of the page's world (`build.mjs` puts it there), and says whether there is nothing else to do: a
// frame that its parent reached before its document came has the parent's hooks, which stay in charge.
import { HELLO, MARK } from "./question";

const follow: unknown = Reflect.getOwnPropertyDescriptor(Reflect, MARK)?.value;
/** Windows of their own outlive who opened them: their loads are told by themselves. */
export const isAgain = typeof follow === "function" && window.top !== window;
if (isAgain) {
  // The isolated world waits for hooks once: the page must not speak in their place.
  dispatchEvent(new FocusEvent(HELLO));
  (follow as () => void)();
}
