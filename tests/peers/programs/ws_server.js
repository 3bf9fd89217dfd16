"use strict";
// A server of npm `ws` that sends back what comes. Argument: whether it compresses.
// It tells its port, and of each connection what was agreed upon and how it ended.

const { WebSocketServer } = require("ws");

const settings = process.argv[2] === "true" ? { threshold: 0 } : false;
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: settings });
const tell = (fields) => process.stdout.write(JSON.stringify(fields) + "\n");

server.on("listening", () => tell({ port: server.address().port }));
server.on("connection", (ws) => {
  ws.on("error", (error) => tell({ error: error.message }));
  ws.on("close", (code, reason) =>
    tell({ code, reason: reason.toString(), extensions: ws.extensions }),
  );
  ws.on("pong", () => ws.send("pong"));
  ws.on("message", (data) => {
    const text = data.toString();
    if (text === "close") ws.close(4001, "as you wish");
    else if (text === "ping") ws.ping("?");
    else if (text === "fragments") {
      ws.send("in ", { fin: false });
      ws.ping("between");
      ws.send("three ", { fin: false });
      ws.send("parts");
    } else ws.send(text);
  });
});
process.stdin.on("end", () => process.exit(0)).resume();
