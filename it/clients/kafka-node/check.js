#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Behaviours that programs with kafkajs rely on. Usage: check.js HOST:PORT. Ends with 1 if one fails.
import kafkajs from 'kafkajs';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const { CompressionTypes, ConfigResourceTypes, Kafka, logLevel } = kafkajs;
process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
const kafka = new Kafka({ clientId: 'check', brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { retries: 5 } });
const PATIENCE_MS = 15000;
const name = (purpose) => `${purpose}-${randomUUID().slice(0, 13)}`;

/** What one test opens, and what is gone after it. */
class Test {
  #open = [];

  constructor(admin) { this.admin = admin; }

  async topic(numPartitions = 1, configEntries = []) {
    const topic = name('topic');
    await this.admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: true });
    return topic;
  }

  async producer(options = {}) {
    const producer = kafka.producer({ allowAutoTopicCreation: false, ...options });
    await producer.connect();
    this.#open.push(producer);
    return producer;
  }

  async send(topic, ...values) {
    const producer = await this.producer();
    return producer.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });
  }

  /** Takes so many messages of a topic in a group. */
  async take(groupId, topic, count, options = {}) {
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, ...options });
    await consumer.connect();
    this.#open.push(consumer);
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const messages = [];
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${messages.length} of ${count} messages came`)), PATIENCE_MS);
      consumer.run({
        eachMessage: async ({ message }) => {
          messages.push(message);
          if (messages.length === count) { clearTimeout(late); resolve(); }
        },
      });
    });
    await consumer.stop();
    await consumer.disconnect();
    return messages;
  }

  async close() {
    for (const client of this.#open) await client.disconnect().catch(() => {});
  }
}

const values = (messages) => messages.map((message) => message.value.toString());

const behaviours = {
  async 'produce and consume'(t) {
    const topic = await t.topic();
    const sent = await t.send(topic, 'a', 'b', 'c');
    assert.equal(sent[0].baseOffset, '0');
    assert.deepEqual(values(await t.take(name('group'), topic, 3)), ['a', 'b', 'c']);
  },

  async 'keys and headers arrive'(t) {
    const topic = await t.topic();
    await (await t.producer()).send({ topic, messages: [{ key: 'k', value: 'v', headers: { h: 'grün' } }] });
    const [message] = await t.take(name('group'), topic, 1);
    assert.equal(message.key.toString(), 'k');
    assert.equal(message.headers.h.toString(), 'grün');
  },

  async 'gzip arrives'(t) {
    const topic = await t.topic();
    await (await t.producer()).send({ topic, compression: CompressionTypes.GZIP, messages: [{ value: 'x'.repeat(10000) }] });
    assert.deepEqual(values(await t.take(name('group'), topic, 1)), ['x'.repeat(10000)]);
  },

  async 'every acknowledgement is served'(t) {
    const topic = await t.topic();
    for (const acks of [0, 1, -1]) await (await t.producer()).send({ topic, acks, messages: [{ value: `${acks}` }] });
    assert.deepEqual(values(await t.take(name('group'), topic, 3)), ['0', '1', '-1']);
  },

  async 'a group goes on where it committed'(t) {
    const topic = await t.topic();
    const group = name('group');
    await t.send(topic, 'a', 'b');
    await t.take(group, topic, 2);
    await t.send(topic, 'c');
    assert.deepEqual(values(await t.take(group, topic, 1)), ['c']);
  },

  async 'an idempotent producer'(t) {
    const topic = await t.topic();
    const producer = await t.producer({ idempotent: true, maxInFlightRequests: 1 });
    for (let i = 0; i < 10; i++) await producer.send({ topic, messages: [{ value: `${i}` }] });
    assert.equal((await t.take(name('group'), topic, 10)).length, 10);
  },

  async 'transactions are all or nothing'(t) {
    const topic = await t.topic();
    const producer = await t.producer({ transactionalId: name('tx'), idempotent: true, maxInFlightRequests: 1 });
    const aborted = await producer.transaction();
    await aborted.send({ topic, messages: [{ value: 'aborted' }] });
    await aborted.abort();
    const committed = await producer.transaction();
    await committed.send({ topic, messages: [{ value: 'committed' }] });
    await committed.commit();
    assert.deepEqual(values(await t.take(name('group'), topic, 1, { readUncommitted: false })), ['committed']);
  },

  async 'offsets are committed with a transaction'(t) {
    const topic = await t.topic();
    const groupId = name('group');
    const producer = await t.producer({ transactionalId: name('tx'), idempotent: true, maxInFlightRequests: 1 });
    const transaction = await producer.transaction();
    await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic, partitions: [{ partition: 0, offset: '5' }] }] });
    await transaction.commit();
    const committed = async () => (await t.admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions[0].offset;
    for (let i = 0; i < 100 && await committed() !== '5'; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await committed(), '5');
  },

  async 'topics are described, grown and deleted'(t) {
    const topic = await t.topic(2);
    await t.admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    const { topics: [described] } = await t.admin.fetchTopicMetadata({ topics: [topic] });
    assert.ok(described.partitions.length >= 2);
    await t.admin.deleteTopics({ topics: [topic] });
  },

  async 'offsets of topics are listed, by time too'(t) {
    const topic = await t.topic();
    await t.send(topic, 'a', 'b');
    const [{ low, high }] = await t.admin.fetchTopicOffsets(topic);
    assert.deepEqual([low, high], ['0', '2']);
    const [{ offset }] = await t.admin.fetchTopicOffsetsByTimestamp(topic, Date.now() - 60000);
    assert.equal(offset, '0');
  },

  async 'offsets of groups are set and reset'(t) {
    const topic = await t.topic();
    const groupId = name('group');
    await t.send(topic, 'a', 'b', 'c');
    await t.admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '1' }] });
    assert.deepEqual(values(await t.take(groupId, topic, 2)), ['b', 'c']);
  },

  async 'configs are described and altered'(t) {
    const topic = await t.topic(1, [{ name: 'retention.ms', value: '60000' }]);
    const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
    const described = async () => (await t.admin.describeConfigs({ includeSynonyms: false, resources: [{ ...resource, configNames: ['retention.ms'] }] }))
      .resources[0].configEntries[0].configValue;
    assert.equal(await described(), '60000');
    await t.admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '70000' }] }] });
    for (let i = 0; i < 100 && await described() !== '70000'; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await described(), '70000');
  },

  async 'groups are listed, described and deleted'(t) {
    const topic = await t.topic();
    const group = name('group');
    await t.send(topic, 'a');
    await t.take(group, topic, 1);
    assert.ok((await t.admin.listGroups()).groups.some((g) => g.groupId === group));
    const { groups: [described] } = await t.admin.describeGroups([group]);
    assert.equal(described.state, 'Empty');
    await t.admin.deleteGroups([group]);
  },
};

const admin = kafka.admin();
await admin.connect();
let failed = 0;
for (const [what, behaviour] of Object.entries(behaviours)) {
  const test = new Test(admin);
  try {
    await behaviour(test);
    console.log(`ok      kafka node: ${what}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  kafka node: ${what}\n`, error);
  } finally {
    await test.close();
  }
}
await admin.disconnect();
console.log(`${Object.keys(behaviours).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
