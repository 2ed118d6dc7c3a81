import { formatCount } from './format.ts';
import styles from './request-chart.module.css';
import { texts } from '../../shared/texts/texts.ts';

const own = texts.ui.requestChart;

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

/** Units of the drawing, which is stretched to the room there is; words stand outside of it and keep their size. */
const width = 1000;
const height = 100;

/** Requests per ten seconds over the last ten minutes, allowed and denied stacked. */
export function RequestChart(props: { readonly history: readonly Slot[]; readonly withAxis?: boolean }) {
  const most = Math.max(0, ...props.history.map((slot) => slot.allowed + slot.denied));
  const allowed = props.history.reduce((sum, slot) => sum + slot.allowed, 0);
  const denied = props.history.reduce((sum, slot) => sum + slot.denied, 0);
  const label = texts.gateway.screen.historyOf(formatCount(allowed), formatCount(denied));
  return (
    <div className={styles.chart}>
      <div className={styles.plot}>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {barsFor(props.history, width, height).map((bar, index) => (
            <g key={index}>
              <rect
                className={styles.allow}
                x={bar.x}
                width={bar.width}
                y={height - bar.allowed}
                height={bar.allowed}
              />
              <rect
                className={styles.deny}
                x={bar.x}
                width={bar.width}
                y={height - bar.allowed - bar.denied}
                height={bar.denied}
              />
            </g>
          ))}
        </svg>
        {most === 0 && <p className={styles.none}>{own.noRequestsInThe}</p>}
      </div>
      {props.withAxis === true && (
        <div className={styles.axis} aria-hidden="true">
          <span>{own.n10MinutesAgo}</span>
          <span>{most === 0 ? '' : own.mostPer10S(formatCount(most))}</span>
          <span>{own.now}</span>
        </div>
      )}
    </div>
  );
}
