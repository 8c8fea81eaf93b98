import { isIPv6 } from 'node:net';

/**
 * What failed tries from an address are counted under: an IPv4 address, or an IPv6 address's /64, which is what
 * one customer gets.
 */
export function networkOf(address: string): string {
	const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
	if (!isIPv6(plain)) return plain;
	const [head = '', tail] = plain.split('::');
	const groups = head.split(':').filter(Boolean);
	const behind = (tail ?? '').split(':').filter(Boolean);
	// A dotted IPv4 part at the end stands for two groups.
	const written = groups.length + behind.length + (plain.includes('.') ? 1 : 0);
	const filled =
		tail === undefined ? groups : [...groups, ...Array<string>(8 - written).fill('0'), ...behind];
	return `${filled
		.slice(0, 4)
		.map((group) => parseInt(group, 16).toString(16))
		.join(':')}::/64`;
}
