"use strict";
// A charge point of npm `ocpp-rpc` in strict mode. Arguments: where to connect, and the subprotocol.

const { RPCClient } = require("ocpp-rpc");
const { tell, record, obey, answersOf } = require("./recording.js");

const [url, subprotocol] = process.argv.slice(2);
const answers = answersOf("station", subprotocol);
const [, endpoint, identity] = url.match(/^(.*)\/([^/]+)$/);
const client = new RPCClient({
  endpoint,
  identity,
  protocols: [subprotocol],
  strictMode: true,
  reconnect: false,
});
record(client, answers);
obey(answers, () => client);
client.connect().then(() => {
  tell("opened", { path: `/${identity}`, subprotocol: client.protocol });
});
