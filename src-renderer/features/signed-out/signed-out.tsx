import { Center, Stack, Text, Title } from '@mantine/core';
import { KeyMark } from '../../ui/key-mark.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.unlock.signedOut;

const reasons: Readonly<Record<string, string>> = {
  'new-tab': 'Each page is signed in by an address of its own, so a new tab knows nothing yet.',
  used: 'The address that opened this page was used already, or is too old.',
  locked: 'Latchkey was locked, and with the lock every page is signed out.',
  idle: 'Nobody used this page for 30 minutes.',
  old: 'This page was signed in for 12 hours.',
  replaced: 'Another page was opened with a newer address.',
};

/** The browser host only: what a page shows that is not, or no longer, signed in. It knows nothing else. */
export function SignedOut({ why }: { readonly why: string }) {
  return (
    <Center mih="100vh" p="xl">
      <Stack maw={460} gap="md" role="main">
        <KeyMark />
        <Title order={1} size="h2">
          {words.thisPageIsNot}
        </Title>
        <Text>{reasons[why] ?? words.latchkeyWasStartedAnew}</Text>
        <Text>{words.openTheAddressThat}</Text>
      </Stack>
    </Center>
  );
}
