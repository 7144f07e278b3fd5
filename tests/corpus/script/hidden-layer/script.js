// A greeting that nobody is to read before it runs.
const greeting = "ZG9jdW1lbnQudGl0bGUgPSAiYSBsYW1wLCAiICsgWzEsIDIsIDNdLm1hcCgobikgPT4gbiAqIDIpLmpvaW4oIiBhbmQgIik7";
eval(atob(greeting));
