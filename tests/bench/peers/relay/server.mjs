// What `ws` itself can do: forwards each frame to the others in the room. No Yjs, no storage, no parsing.
import { WebSocketServer } from 'ws';

const rooms = new Map();
const server = new WebSocketServer({
	host: '127.0.0.1',
	port: Number(process.env.PORT),
	perMessageDeflate: false,
});
server.on('connection', (socket, { url }) => {
	const room = rooms.get(url) ?? new Set();
	rooms.set(url, room.add(socket));
	socket.on('message', (data) => {
		for (const other of room) if (other !== socket) other.send(data);
	});
	socket.on('close', () => {
		room.delete(socket);
		if (room.size === 0) rooms.delete(url);
	});
	socket.on('error', () => {});
});
