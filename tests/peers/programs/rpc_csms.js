"use strict";
// A central system of npm `ocpp-rpc` in strict mode (1.6). Argument: its port, or 0.

const { RPCServer } = require("ocpp-rpc");
const { tell, record, obey } = require("./recording.js");

const answers = require("./csms.json");
for (const action of ["BootNotification", "Heartbeat"]) {
  answers[action].currentTime = new Date().toISOString();
}
let present;

const server = new RPCServer({ protocols: ["ocpp1.6"], strictMode: true });
server.auth((accept, reject, handshake) => {
  tell("opened", { path: `${handshake.endpoint}/${handshake.identity}`, subprotocol: "ocpp1.6" });
  accept({});
});
server.on("client", (client) => {
  present = client;
  record(client, answers);
});
obey(answers, () => present);
server.listen(Number(process.argv[2]), "127.0.0.1").then((listener) => {
  tell("listening", { port: listener.address().port });
});
