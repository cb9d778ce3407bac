#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Behaviours that programs with amqplib rely on. Usage: check.js HOST:PORT. Ends with 1 if one fails.
import amqp from 'amqplib';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const url = `amqp://guest:guest@${process.argv[2]}`;

/** Takes one message, waiting until it is there. */
async function take(channel, queue) {
  for (let i = 0; i < 500; i++) {
    const message = await channel.get(queue, { noAck: true });
    if (message) return message;
    await sleep(10);
  }
  throw new Error(`nothing in ${queue}`);
}

const queueOf = async (channel, options = {}) => (await channel.assertQueue('', { exclusive: true, ...options })).queue;

/** Waits for the error that closes a channel. */
function refusal(channel, action) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('not refused')), 5000);
    channel.once('error', (error) => { clearTimeout(late); resolve(error); });
    Promise.resolve(action()).catch(() => {});
  });
}

const behaviours = {
  async 'publish and get'({ channel }) {
    const queue = await queueOf(channel);
    channel.sendToQueue(queue, Buffer.from('hello'));
    assert.equal((await take(channel, queue)).content.toString(), 'hello');
  },

  async 'properties and headers arrive'({ channel }) {
    const queue = await queueOf(channel);
    const headers = { n: 1, s: 'grün', yes: true, list: [1, 'two'], table: { k: -1 }, big: 2 ** 40 };
    channel.sendToQueue(queue, Buffer.alloc(0), {
      contentType: 'text/plain', persistent: true, priority: 3, correlationId: 'c', replyTo: 'r', expiration: '60000',
      messageId: 'm', timestamp: 1700000000, type: 't', appId: 'a', headers,
    });
    const { properties } = await take(channel, queue);
    assert.equal(properties.contentType, 'text/plain');
    assert.equal(properties.deliveryMode, 2);
    assert.equal(properties.priority, 3);
    assert.equal(properties.correlationId, 'c');
    assert.equal(properties.expiration, '60000');
    assert.equal(properties.timestamp, 1700000000);
    assert.deepEqual({ ...properties.headers }, headers);
  },

  async 'a large body arrives unchanged'({ channel }) {
    const queue = await queueOf(channel);
    const body = Buffer.alloc(2 << 20, 'relais');
    channel.sendToQueue(queue, body);
    assert.ok(body.equals((await take(channel, queue)).content));
  },

  async 'consume in order with acknowledgements'({ channel }) {
    const queue = await queueOf(channel);
    for (let i = 0; i < 100; i++) channel.sendToQueue(queue, Buffer.from(String(i)));
    await channel.prefetch(10);
    const seen = [];
    await new Promise((resolve) => channel.consume(queue, (message) => {
      seen.push(Number(message.content));
      channel.ack(message);
      if (seen.length === 100) resolve();
    }));
    assert.deepEqual(seen, [...Array(100).keys()]);
  },

  async 'a rejected message is redelivered'({ channel }) {
    const queue = await queueOf(channel);
    channel.sendToQueue(queue, Buffer.from('again'));
    const flags = [];
    await new Promise((resolve) => channel.consume(queue, (message) => {
      flags.push(message.fields.redelivered);
      if (flags.length === 1) channel.nack(message);
      else { channel.ack(message); resolve(); }
    }));
    assert.deepEqual(flags, [false, true]);
  },

  async 'every publish is confirmed'({ connection }) {
    const channel = await connection.createConfirmChannel();
    const queue = await queueOf(channel);
    for (let i = 0; i < 200; i++) channel.sendToQueue(queue, Buffer.from('m'), { persistent: true });
    await channel.waitForConfirms();
    assert.equal((await channel.checkQueue(queue)).messageCount, 200);
  },

  async 'a full queue nacks'({ connection }) {
    const channel = await connection.createConfirmChannel();
    const queue = await queueOf(channel, { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
    channel.sendToQueue(queue, Buffer.from('1'));
    await channel.waitForConfirms();
    await assert.rejects(new Promise((resolve, reject) => {
      channel.sendToQueue(queue, Buffer.from('2'), {}, (error) => (error ? reject(error) : resolve()));
    }));
  },

  async 'a headers exchange routes by headers'({ channel }) {
    const exchange = `x-${randomUUID()}`;
    await channel.assertExchange(exchange, 'headers', { durable: false, autoDelete: true });
    const queue = await queueOf(channel);
    await channel.bindQueue(queue, exchange, '', { 'x-match': 'all', colour: 'red', size: 3 });
    channel.publish(exchange, '', Buffer.from('no'), { headers: { colour: 'red', size: 4 } });
    channel.publish(exchange, '', Buffer.from('yes'), { headers: { colour: 'red', size: 3, more: 1 } });
    assert.equal((await take(channel, queue)).content.toString(), 'yes');
  },

  async 'a mandatory message without a queue is returned'({ channel }) {
    const returned = new Promise((resolve) => channel.once('return', resolve));
    channel.publish('', `nobody-${randomUUID()}`, Buffer.from('m'), { mandatory: true });
    assert.equal((await returned).fields.replyCode, 312);
  },

  async 'an absent queue closes the channel with 404'({ channel, connection }) {
    const error = await refusal(channel, () => channel.checkQueue('nobody'));
    assert.equal(error.code, 404);
    await connection.createChannel();
  },

  async 'another declaration closes the channel with 406'({ channel }) {
    const queue = `mine-${randomUUID()}`;
    await channel.assertQueue(queue, { exclusive: true });
    const error = await refusal(channel, () => channel.assertQueue(queue, { exclusive: true, messageTtl: 1000 }));
    assert.equal(error.code, 406);
    assert.match(error.message, /inequivalent arg 'x-message-ttl'/);
  },

  async 'rejected messages are dead-lettered'({ channel }) {
    const dead = await queueOf(channel);
    const queue = await queueOf(channel, { deadLetterExchange: '', deadLetterRoutingKey: dead });
    channel.sendToQueue(queue, Buffer.from('bad'));
    for (let message; !(message = await channel.get(queue)) || channel.nack(message, false, false););
    const { content, properties } = await take(channel, dead);
    assert.equal(content.toString(), 'bad');
    assert.equal(properties.headers['x-death'][0].reason, 'rejected');
    assert.equal(properties.headers['x-death'][0].queue, queue);
  },

  async 'request and reply without a reply queue'({ channel }) {
    const queue = await queueOf(channel);
    const reply = new Promise((resolve) => channel.consume('amq.rabbitmq.reply-to', resolve, { noAck: true }));
    channel.sendToQueue(queue, Buffer.from('question'), { replyTo: 'amq.rabbitmq.reply-to' });
    const request = await take(channel, queue);
    channel.sendToQueue(request.properties.replyTo, Buffer.from('answer'));
    assert.equal((await reply).content.toString(), 'answer');
  },

  async 'consumers hear that their queue is gone'({ channel, connection }) {
    const { queue } = await channel.assertQueue(`gone-${randomUUID()}`, { durable: false });
    let tell;
    const cancelled = new Promise((resolve) => { tell = resolve; });
    await channel.consume(queue, tell);
    await (await connection.createChannel()).deleteQueue(queue);
    assert.equal(await cancelled, null);
  },
};

let failed = 0;
for (const [name, behaviour] of Object.entries(behaviours)) {
  const connection = await amqp.connect(url);
  connection.on('error', () => {});
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  try {
    await behaviour({ connection, channel });
    console.log(`ok      node: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  node: ${name}\n`, error);
  } finally {
    await connection.close().catch(() => {});
  }
}
console.log(`${Object.keys(behaviours).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
