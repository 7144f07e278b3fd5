// Lets one worker speak through another: what the first says, the second's listeners hear.
import { dispatch, listen, messageData, messagePorts, own, preventEvent, sequenceOf } from "../own";

export function relay(from: EventTarget, to: EventTarget): void {
  listen(from, "message", (event) => {
    const ports = sequenceOf(own.ArrayFrom(messagePorts(event as MessageEvent)));
    const init = { __proto__: null, data: messageData(event as MessageEvent), ports };
    dispatch(to, new own.MessageEvent("message", init as unknown as MessageEventInit));
  });
  listen(from, "messageerror", () => {
    dispatch(to, new own.MessageEvent("messageerror"));
  });
  listen(from, "error", (event) => {
    const same = event instanceof own.ErrorEvent ? errorLike(event) : new own.Event("error");
    if (!dispatch(to, same)) preventEvent(event);
  });
}

function errorLike({ message, filename, lineno, colno }: ErrorEvent): ErrorEvent {
  const init = { __proto__: null, message, filename, lineno, colno, cancelable: true };
  return new own.ErrorEvent("error", init as ErrorEventInit);
}
