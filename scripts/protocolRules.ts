/** The rules of PROTOCOL.md by number. Tests quote the number in their titles; a contract test holds both lists against each other. */
export const protocolRules: readonly { id: string; title: string; text: string }[] = [
  {
    id: 'P-01',
    title: 'Hello first',
    text: `The client speaks first: one \`hello\` within 5 seconds of the connection. Any other frame before it is answered with \`err helloExpected\`, silence with \`err helloTimeout\`; both close the socket. The token travels in \`hello\` (or in an \`Authorization: Bearer\` header of the upgrade request), never in a URL. A server compares it in constant time, checks the \`Origin\` header of browsers against a list, and uses \`wss:\` everywhere except on loopback.`,
  },
  {
    id: 'P-02',
    title: 'Resume or snapshot, never a silent gap',
    text: `\`seq\` numbers events once, in the server's log, and never per connection. A client that reconnects sends the \`epoch\` and the \`seq\` it applied last. If the server knows the epoch and still keeps every event after that \`seq\`, it answers \`resumed: true\` and sends exactly those events. Otherwise it answers \`resumed: false\`, says why in \`gap\`, and sends a snapshot in parts. A client drops an event whose \`seq\` it has seen, and on a jump reconnects with resume; after three jumps at one place it asks for a snapshot (\`resume: null\`). \`hb.sentSeq\` exposes a lost tail.`,
  },
  {
    id: 'P-03',
    title: 'One log, a cursor for each client, a window',
    text: `The server writes an event before it sends it, and keeps a cursor per client instead of a queue. At most \`hello.window\` events are in flight: the client sends \`ack\` with the last \`seq\` it applied, at the latest every 250 ms while events arrive, and the server waits at the window's end. Events are never merged or left out. Positions are not sequenced: while a socket's buffer is full the server skips position ticks, and the newest wins.`,
  },
  {
    id: 'P-04',
    title: 'Decode on arrival',
    text: `A client decodes each frame as it arrives and keeps no queue of raw frames, so that TCP pushes back on a server that is too fast for it. A slow client never slows another one, and what was skipped for it is counted.`,
  },
  {
    id: 'P-05',
    title: 'Commands are idempotent and state comes back as events',
    text: `A \`cmd\` carries a UUIDv7 that the client keeps while it repeats the command after a reconnect; the server applies it once and answers a repetition with the first result (\`duplicate\` as status when it was applied). \`expiresAtMs\` is server time: later arrivals are answered \`expired\` and do nothing. \`rev\`, when it is not null, is the rev of the incident that the operator saw: if the incident has changed since, the answer is \`conflict\`. \`res\` is sent when the effect is in the log. What a command changed is told to everybody, the sender included, by \`ev\` alone. A later arrival estimate alone is no change that conflicts.`,
  },
  {
    id: 'P-06',
    title: 'Liveness',
    text: `The server sends \`hb\` every \`heartbeatMs\`. Any frame counts as a sign of life. A client that hears nothing for 2.5 heartbeats abandons the socket without waiting for a close handshake and connects again: first after a random delay of up to 0.25 s, doubling up to 15 s, each delay drawn evenly from zero to its bound, reset after 10 healthy seconds; it never gives up. A server that closes on purpose sends \`bye\` with the delay it asks for. The server also sends WebSocket pings, which every client answers by itself: it ends a connection that for 9 s gave no sign of life, neither a frame nor a pong, and one that for 30 s took nothing though there was something.`,
  },
  {
    id: 'P-07',
    title: 'Server time is the time',
    text: `Every age on a wall is counted in server time. The client sends \`ping\`; from \`pong\` it takes the offset of the exchange with the least delay among the last 16, and shows half that delay as the bound of its error. Where \`clockRate\` is not 1 (a scene at speed) server time advances by that factor. A fix that was observed more than 5 s in the future, or before the newest one of its unit, is refused and counted.`,
  },
  {
    id: 'P-08',
    title: 'Limits',
    text: `At most 1 MiB a frame to the client and 64 KiB a frame to the server; 5,000 fixes in a JSON position frame; nesting 16 deep; strings of 4,096 UTF-16 units. \`welcome.limits\` repeats them. A frame beyond a limit is refused with a typed \`err\` that names the field; the connection goes on unless \`fatal\` is true.`,
  },
  {
    id: 'P-09',
    title: 'Bad input never stops the feed',
    text: `A frame or event that cannot be decoded is counted, kept among the last twenty with its reason, shown, and passed over; its \`seq\` counts as applied. Unknown fields are ignored. Unknown frame, message and command types are counted and ignored, or answered \`unknownCommand\`.`,
  },
  {
    id: 'P-10',
    title: 'Versions',
    text: `Within version 1 changes only add: new optional fields, new types, new capabilities. Anything else is a new subprotocol that is offered beside the old one for one release. The client offers \`feed.v1.bin\` and \`feed.v1.json\`; the server picks one, JSON when none was offered; with neither in common it refuses the upgrade.`,
  },
  {
    id: 'P-11',
    title: 'A replay is a feed of its own',
    text: `A server that lists the capability \`replay\` takes \`hello.replay\`: the answer is a \`welcome\` with \`replay\` (the span that can be replayed), an epoch of its own, the moment asked for (held inside the span) as \`serverTimeMs\` and the rate as \`clockRate\`; then a snapshot of the state at that moment, and \`ev\`, \`pos\` and \`hb\` as they came, at that rate: every event, positions conflated. A server without the capability ignores the field and answers without \`replay\`, which is the feed of now. \`seek\` goes to another moment or changes the rate, without a new connection: it is answered by a second \`welcome\`, with a new epoch, \`resumed: false\` and a snapshot, or, when \`atMs\` is null, with the same epoch and \`resumed: true\`. At the end of the record the replay stops: a \`welcome\` with \`resumed: true\` and \`clockRate\` 0 says so; it never turns into the feed of now by itself. A cursor of a replay ends with its connection. A \`cmd\` is answered \`forbidden\` with the code \`replaying\`, except \`bookmark.add\` and \`bookmark.edit\`, which go to the record of now, whose \`res.seq\` is null and whose expiry is not looked at. Bookmarks of now are in the snapshot and in \`ev\`. A \`query\` is answered as of the replayed moment. A server that plays as many replays as it can refuses one more with a fatal \`err notAllowed\` whose path is \`replay\`; in the feed of now \`seek\` is answered with \`err notAllowed\`.`,
  },
  {
    id: 'P-12',
    title: 'Who is where',
    text: `A server that lists the capability \`presence\` takes \`look\`: what this desk has open, told anew whenever it changes and after each \`welcome\`. It tells every client \`desks\`: all desks that are connected, and what each has open. Neither is written anywhere: a desk is there as long as a connection of its own is, and connections with one desk id are one desk that looks where the last of them looked. Changes are collected for 250 ms, the newest wins, and a client whose socket is full gets the newest later. At most 10 \`look\` a second, then \`err tooFast\`. Presence decides nothing: who is on a card keeps nobody from it (rule P-05 does). In a replay \`look\` is ignored and \`desks\` is not sent: who replays is not there.`,
  },
];
