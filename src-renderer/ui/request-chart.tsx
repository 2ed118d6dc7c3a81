import { formatCount } from './format.ts';
import styles from './request-chart.module.css';

export type Slot = { readonly atMs: number; readonly allowed: number; readonly denied: number };
export type Bar = {
  readonly x: number;
  readonly width: number;
  readonly allowed: number;
  readonly denied: number;
};

/** Heights of stacked bars in a box; a slot with requests is never thinner than one unit. */
export function barsFor(slots: readonly Slot[], width: number, height: number): readonly Bar[] {
  const most = Math.max(1, ...slots.map((slot) => slot.allowed + slot.denied));
  const step = width / Math.max(1, slots.length);
  const scaled = (value: number) => (value === 0 ? 0 : Math.max(1, (value / most) * height));
  return slots.map((slot, index) => ({
    x: index * step + step * 0.12,
    width: step * 0.76,
    allowed: scaled(slot.allowed),
    denied: scaled(slot.denied),
  }));
}

/** Requests per ten seconds over the last ten minutes, allowed and denied stacked. */
export function RequestChart(props: {
  readonly history: readonly Slot[];
  readonly height?: number;
  readonly withAxis?: boolean;
}) {
  // About the pixels it is shown at, so that its text has the size of other text.
  const width = props.withAxis ? 980 : 410;
  const height = props.height ?? 72;
  const foot = props.withAxis ? 18 : 0;
  const most = Math.max(0, ...props.history.map((slot) => slot.allowed + slot.denied));
  const allowed = props.history.reduce((sum, slot) => sum + slot.allowed, 0);
  const denied = props.history.reduce((sum, slot) => sum + slot.denied, 0);
  const label = `Requests in the last ten minutes: ${formatCount(allowed)} allowed, ${formatCount(denied)} denied`;
  return (
    <svg className={styles.chart} viewBox={`0 0 ${width} ${height + foot}`} role="img" aria-label={label}>
      <line className={styles.grid} x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
      {props.withAxis && (
        <line className={styles.grid} x1="0" x2={width} y1="0.5" y2="0.5" strokeDasharray="3 4" />
      )}
      {barsFor(props.history, width, height - 14).map((bar, index) => (
        <g key={index}>
          <rect
            className={styles.allow}
            x={bar.x}
            width={bar.width}
            y={height - bar.allowed}
            height={bar.allowed}
            rx="1"
          />
          <rect
            className={styles.deny}
            x={bar.x}
            width={bar.width}
            y={height - bar.allowed - bar.denied}
            height={bar.denied}
            rx="1"
          />
        </g>
      ))}
      {most === 0 && (
        <text x={width / 2} y={height / 2} textAnchor="middle">
          No requests in the last ten minutes
        </text>
      )}
      {props.withAxis && (
        <>
          <text x={width} y="12" textAnchor="end">
            {most === 0 ? '' : `most: ${formatCount(most)} per 10 s`}
          </text>
          <text x="0" y={height + 14}>
            10 minutes ago
          </text>
          <text x={width} y={height + 14} textAnchor="end">
            now
          </text>
        </>
      )}
    </svg>
  );
}
