"use strict";
// What the Node peers have in common: they tell what happens on standard output, and do what they
// are told on standard input, one JSON object a line.

const readline = require("node:readline");

function tell(event, more) {
  process.stdout.write(JSON.stringify({ event, ...more }) + "\n");
}

/** Have the client tell every frame, and answer each action with the payload that stands there. */
function record(client, answers) {
  client.on("message", ({ message, outbound }) => {
    tell("frame", { direction: outbound ? "sent" : "received", text: String(message) });
  });
  client.on("strictValidationFailure", ({ method, error }) => {
    tell("complaint", { text: `${method}: ${error.message}` });
  });
  client.on("badMessage", ({ error }) => tell("complaint", { text: error.message }));
  client.on("close", ({ code }) => tell("closed", { code }));
  for (const action of Object.keys(answers)) {
    client.handle(action, () => answers[action]);
  }
}

/** Do what the test says; when it is gone, end. */
function obey(answers, client) {
  const orders = readline.createInterface({ input: process.stdin });
  orders.on("line", async (line) => {
    const order = JSON.parse(line);
    if (order.do === "answer") answers[order.action] = order.payload;
    else if (order.do === "text") client().sendRaw(order.text);
    else if (order.do === "close") await client().close({ code: order.code });
    else await call(client(), order.call);
  });
  orders.on("close", () => process.exit(0));
}

async function call(client, { number, action, payload }) {
  try {
    tell("result", { number, payload: await client.call(action, payload) });
  } catch (error) {
    tell("error", { number, code: error.rpcErrorCode ?? error.name, description: error.message });
  }
}

/** What the peer answers, by action, until a test has it answer otherwise. */
function answersOf(role, subprotocol) {
  return require(subprotocol === "ocpp1.6" ? `./${role}.json` : `./${role}2.json`);
}

module.exports = { tell, record, obey, answersOf };
