import { Center, Stack, Text, Title } from '@mantine/core';
import { KeyMark } from '../../ui/key-mark.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.unlock.signedOut;

/** The browser host only: what a page shows that is not, or no longer, signed in. It knows nothing else. */
export function SignedOut({ why }: { readonly why: string }) {
  return (
    <Center mih="100vh" p="xl">
      <Stack maw={460} gap="md" role="main">
        <KeyMark />
        <Title order={1} size="h2">
          {words.thisPageIsNot}
        </Title>
        <Text>{words.why(why)}</Text>
        <Text>{words.openTheAddressThat}</Text>
      </Stack>
    </Center>
  );
}
