"use strict";
// npm `ocpp-rpc`, measured, in strict mode: it validates what comes and what goes.
//
//     node npm_ocpp_rpc.js server WORKLOAD
//     node npm_ocpp_rpc.js client WORKLOAD CONNECTIONS PORT

const readline = require("node:readline");
const { RPCServer, RPCClient } = require("ocpp-rpc");
const workloads = require("./workloads.json");

const [, , role, workload, connections, port] = process.argv;
const { subprotocol, request, response } = workloads[workload];
const settings = { protocols: [subprotocol], strictMode: true, pingIntervalMs: 0 };

function tell(fields) {
  process.stdout.write(JSON.stringify(fields) + "\n");
}

/** CPU seconds of all threads so far, and resident bytes. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() };
}

async function server() {
  let answered = 0;
  const listener = new RPCServer(settings);
  listener.on("client", (client) => {
    client.handle(workload, () => {
      answered += 1;
      return response;
    });
  });
  const http = await listener.listen(0, "127.0.0.1");
  tell({ port: http.address().port });
  for await (const _ of readline.createInterface({ input: process.stdin })) {
    tell({ answered, ...usage() });
  }
}

async function client() {
  const before = usage();
  const clients = [];
  for (let index = 0; index < Number(connections); index += 1) {
    const each = new RPCClient({
      endpoint: `ws://127.0.0.1:${port}`,
      identity: `CP-${index}`,
      reconnect: false,
      wsOpts: { perMessageDeflate: false },
      ...settings,
    });
    await each.connect();
    clients.push(each);
  }
  tell({ rss: before.rss });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const began = usage();
    const used = clients.slice(0, Number(line));
    const each = Math.floor(Number(line) / used.length);
    await Promise.all(used.map((caller) => calls(caller, each)));
    const now = usage();
    tell({ calls: each * used.length, cpu: now.cpu - began.cpu, rss: now.rss });
  }
}

async function calls(caller, count) {
  for (let made = 0; made < count; made += 1) await caller.call(workload, request);
}

(role === "server" ? server() : client()).then(() => process.exit(0));
