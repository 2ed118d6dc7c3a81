import { Center, Stack, Text, Title } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { useSession } from '../../state/session.ts';
import { KeyMark } from '../../ui/key-mark.tsx';

const words = texts.parts.hostGone;

/** Locked while the program behind the page was gone: what was shown is gone as well. */
export function Stopped() {
  const kind = useSession((state) => state.host?.kind);
  return (
    <Center mih="100vh" p="xl">
      <Stack maw={460} gap="md" role="main">
        <KeyMark />
        <Title order={1} size="h2">
          {words.title}
        </Title>
        <Text role="alert">{kind === 'electron' ? words.electron : words.browser}</Text>
      </Stack>
    </Center>
  );
}
