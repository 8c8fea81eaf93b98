// @y/websocket-server as it comes: documents in memory, HOST and PORT from the environment.
import '@y/websocket-server/server';
