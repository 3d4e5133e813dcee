import { Command } from 'commander';
import { replayClock } from '#core/clock/clock.ts';
import { withoutPassword } from '#core/mqtt/address.ts';
import { parseSpeed, until, type Speed } from '#core/mqtt/pace.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import type { Keys } from '#core/tls/key-files.ts';
import { brokerKeys, brokerLogin, withBrokerTls, type BrokerTlsFlags } from './broker-options.ts';
import { CommandError, EXIT } from './exit.ts';
import { lines } from './lines.ts';
import { progress } from './progress.ts';

function speed(text: string): Speed {
  const value = parseSpeed(text);
  if (value === undefined) throw new CommandError(`--speed ${text}: write a factor such as 60x, or max`, EXIT.usage);
  return value;
}

async function connect(url: string, keys: Keys): Promise<Publisher> {
  try {
    return await Publisher.connect(url, keys);
  } catch (error) {
    throw new CommandError(`No broker answers at ${withoutPassword(url)}: ${(error as Error).message || (error as { code?: string }).code}. Start one, or check --broker.`);
  }
}

/** `vigil publish FILE --broker URL`: replays a file of events onto a broker. */
export const publishCommand = withBrokerTls(new Command('publish'))
  .description('replay a file of events (NDJSON, also .gz, - for stdin) onto a broker at QoS 1, each on its own topic')
  .argument('<file>', 'events, one CloudEvents envelope a line, in the order to be sent')
  .requiredOption('--broker <url>', 'for example mqtt://127.0.0.1:1883')
  .option('--speed <factor>', 'times the speed of the events themselves (60x), or max', speed, 'max')
  .option('--json', 'answer as JSON')
  .addHelpText('after', '\nExit codes: 0 all acknowledged, 1 failed, 2 usage, 3 some lines could not be sent.')
  .action(async (file: string, flags: BrokerTlsFlags & { broker: string; speed: Speed; json?: boolean }) => {
    const keys = brokerKeys(flags);
    const source = lines(file);
    const publisher = await connect(brokerLogin(flags.broker), keys);
    const bar = progress('publish');
    let sent = 0;
    let skipped = 0;
    let clock: ReturnType<typeof replayClock> | undefined;
    try {
      for await (const { number, bytes, text } of source) {
        const envelope = parseEnvelope(text);
        const topic = envelope && topicOf(envelope);
        if (!topic) {
          skipped++;
          process.stderr.write(`${file}:${number}: not sent: needs to be JSON with a source //tenant/site/source/instance and a type\n`);
          continue;
        }
        if (flags.speed !== 'max') {
          const time = Date.parse(String(envelope.time));
          // Without a time it goes with the one before it; what receives it will say what is wrong with it.
          if (!Number.isNaN(time)) await until(time, (clock ??= replayClock(time, flags.speed)));
        }
        await publisher.publish(topic, bytes);
        bar.at(++sent);
      }
      await publisher.settled();
    } finally {
      await publisher.close();
    }
    bar.done(`${sent.toLocaleString('en')} events acknowledged`);
    const answer = { sent, acknowledged: publisher.acknowledged, skipped };
    process.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : `${sent} sent and acknowledged, ${skipped} skipped\n`);
    process.exitCode = skipped > 0 ? EXIT.partly : EXIT.ok;
  });

function parseEnvelope(text: string): { source?: unknown; type?: unknown; time?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
