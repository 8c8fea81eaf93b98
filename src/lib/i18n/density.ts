/** How high a row is: 28, 32 or 36 pixels. */
export const DENSITIES = ['compact', 'regular', 'roomy'] as const;
export type Density = (typeof DENSITIES)[number];

export function isDensity(value: unknown): value is Density {
	return DENSITIES.some((known) => known === value);
}
