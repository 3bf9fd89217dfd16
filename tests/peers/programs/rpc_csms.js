"use strict";
// A central system of npm `ocpp-rpc` in strict mode. Arguments: its port, or 0, and the subprotocol.

const { RPCServer } = require("ocpp-rpc");
const { tell, record, obey, answersOf } = require("./recording.js");

const [port, subprotocol] = process.argv.slice(2);
const answers = answersOf("csms", subprotocol);
for (const action of ["BootNotification", "Heartbeat"]) {
  answers[action].currentTime = new Date().toISOString();
}
let present;

const server = new RPCServer({ protocols: [subprotocol], strictMode: true });
server.auth((accept, reject, handshake) => {
  tell("opened", { path: `${handshake.endpoint}/${handshake.identity}`, subprotocol });
  accept({});
});
server.on("client", (client) => {
  present = client;
  record(client, answers);
});
obey(answers, () => present);
server.listen(Number(port), "127.0.0.1").then((listener) => {
  tell("listening", { port: listener.address().port });
});
