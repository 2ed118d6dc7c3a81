import { texts } from '../../../shared/texts/texts.ts';
import { Question } from '../overlay/overlay.tsx';
import { answerLeaving, useLeaving } from './unsaved.ts';

/** Asks before a link or the way back would lose what is not saved. Rendered once, beside the screens. */
export function LeaveQuestion() {
  const isAsking = useLeaving(({ to }) => to !== undefined);
  if (!isAsking) return null;
  return (
    <Question
      loss={texts.parts.discard}
      onDiscard={() => answerLeaving(true)}
      onKeep={() => answerLeaving(false)}
    />
  );
}
