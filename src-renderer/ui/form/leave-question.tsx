import { Button } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { Overlay } from '../overlay/overlay.tsx';
import { answerLeaving, useLeaving } from './unsaved.ts';

/** Asks before a link or the way back would lose what is not saved. Rendered once, beside the screens. */
export function LeaveQuestion() {
  const isAsking = useLeaving(({ to }) => to !== undefined);
  if (!isAsking) return null;
  const words = texts.parts.discard;
  const stay = () => answerLeaving(false);
  return (
    <Overlay
      title={words.title}
      size="sm"
      onClose={stay}
      foot={
        <>
          <Button variant="default" onClick={stay} data-autofocus>
            {words.keep}
          </Button>
          <Button color="red" onClick={() => answerLeaving(true)}>
            {words.discard}
          </Button>
        </>
      }
    >
      <p>{words.text}</p>
    </Overlay>
  );
}
