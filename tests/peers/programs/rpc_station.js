"use strict";
// A charge point of npm `ocpp-rpc` in strict mode (1.6). Argument: where to connect.

const { RPCClient } = require("ocpp-rpc");
const { tell, record, obey } = require("./recording.js");

const answers = require("./station.json");
const [, endpoint, identity] = process.argv[2].match(/^(.*)\/([^/]+)$/);
const client = new RPCClient({
  endpoint,
  identity,
  protocols: ["ocpp1.6"],
  strictMode: true,
  reconnect: false,
});
record(client, answers);
obey(answers, () => client);
client.connect().then(() => {
  tell("opened", { path: `/${identity}`, subprotocol: client.protocol });
});
