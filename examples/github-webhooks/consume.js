#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Consumes the three queues and appends each body, and a line end, to FOLDER/<queue>. Usage: consume.js HOST:PORT FOLDER [AT_MOST]
// Ends when the queues are empty, or after AT_MOST messages from each.
import amqp from 'amqplib';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const [address, folder, atMost = Infinity] = process.argv.slice(2);
const QUEUES = ['github.issues', 'github.code', 'github.everything'];

async function consume(connection, queue) {
  const channel = await connection.createChannel();
  const expected = Math.min((await channel.checkQueue(queue)).messageCount, Number(atMost));
  const file = createWriteStream(join(folder, queue), { flags: 'a' });
  let taken = 0;
  if (expected > 0) {
    await channel.prefetch(Math.min(20, expected));
    await new Promise((done) => channel.consume(queue, (message) => {
      if (taken === expected) return; // went on its way before the cancel: goes back when the channel closes
      file.write(message.content);
      file.write('\n');
      channel.ack(message);
      if (++taken === expected) done();
    }));
  }
  await channel.close();
  file.end();
  await once(file, 'close');
  return `${queue} ${taken}`;
}

mkdirSync(folder, { recursive: true });
const connection = await amqp.connect(`amqp://guest:guest@${address}`);
console.log(`consumed: ${(await Promise.all(QUEUES.map((queue) => consume(connection, queue)))).join(', ')}`);
await connection.close();
