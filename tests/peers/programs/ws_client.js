"use strict";
// A client of npm `ws` that talks to an echo. Arguments: the URL, and whether it compresses.
// It tells what came back, and with which code the link ended, in one JSON object.

const WebSocket = require("ws");

const [url, compresses] = process.argv.slice(2);
const settings = { perMessageDeflate: compresses === "true" ? { threshold: 0 } : false };
const ws = new WebSocket(url, ["ocpp1.6"], settings);
const texts = [0, 1, 125, 126, 65535, 65536, 150000].map((size) => "x".repeat(size));
texts.push("é€𝄞\u0000", "in three parts", "last");
const echoes = [];
let pong = null;

ws.on("open", () => {
  for (const text of texts.slice(0, 8)) ws.send(text);
  ws.send("in ", { fin: false });
  ws.ping("between");
  ws.send("three ", { fin: false });
  ws.send("parts");
  ws.send("last");
});
ws.on("pong", (data) => {
  pong = data.toString();
});
ws.on("message", (data, isBinary) => {
  echoes.push(isBinary ? null : data.toString());
  if (echoes.length === texts.length) ws.close(3001, "done");
});
ws.on("close", (code) => {
  const isSame = JSON.stringify(echoes) === JSON.stringify(texts);
  const told = { isSame, pong, code, extensions: ws.extensions, protocol: ws.protocol };
  process.stdout.write(JSON.stringify(told) + "\n");
});
