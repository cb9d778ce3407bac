#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Behaviours that programs with pika rely on. Usage: check.py HOST:PORT. Ends with 1 if one fails."""
import sys
import time
import traceback
import uuid

import pika
from pika.exceptions import ChannelClosedByBroker, ConnectionClosedByBroker, NackError, ProbableAuthenticationError, UnroutableError

HOST, PORT = sys.argv[1].rsplit(":", 1)


def connect(**more):
    return pika.BlockingConnection(pika.ConnectionParameters(HOST, int(PORT), **more))


class Test:
    """A connection and a channel; queues that go with them."""

    def __init__(self):
        self.connection = connect()
        self.channel = self.connection.channel()

    def queue(self, **more):
        return self.channel.queue_declare("", exclusive=True, **more).method.queue

    def take(self, queue, seconds=5):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            method, properties, body = self.channel.basic_get(queue, auto_ack=True)
            if method:
                return method, properties, body
            time.sleep(0.01)
        raise AssertionError("nothing in " + queue)


def publish_and_get(t):
    queue = t.queue()
    t.channel.confirm_delivery()
    t.channel.basic_publish("", queue, b"hello")
    _, properties, body = t.take(queue)
    assert body == b"hello", body
    assert properties.headers is None


def properties_and_headers_arrive(t):
    queue = t.queue()
    sent = pika.BasicProperties(content_type="text/plain", delivery_mode=2, priority=3, correlation_id="c", reply_to="r",
                                expiration="60000", message_id="m", timestamp=1700000000, type="t", app_id="a",
                                headers={"n": 1, "s": "grün", "big": 1 << 40, "yes": True, "list": [1, "two"], "table": {"k": -1}})
    t.channel.basic_publish("", queue, b"", sent)
    _, properties, _ = t.take(queue)
    assert properties == sent, properties


def a_large_body_arrives_unchanged(t):
    queue = t.queue()
    body = bytes(range(256)) * 8192
    t.channel.basic_publish("", queue, body)
    assert t.take(queue)[2] == body


def consume_in_order_with_acknowledgements(t):
    queue = t.queue()
    for i in range(100):
        t.channel.basic_publish("", queue, str(i).encode())
    t.channel.basic_qos(prefetch_count=10)
    seen = []
    for method, _, body in t.channel.consume(queue, inactivity_timeout=5):
        assert method, "the broker stopped delivering"
        seen.append(int(body))
        t.channel.basic_ack(method.delivery_tag)
        if len(seen) == 100:
            break
    assert seen == list(range(100))
    t.channel.cancel()
    assert t.channel.queue_declare(queue, passive=True).method.message_count == 0


def a_rejected_message_is_redelivered(t):
    queue = t.queue()
    t.channel.basic_publish("", queue, b"again")
    deliveries = t.channel.consume(queue, inactivity_timeout=5)
    method, _, _ = next(deliveries)
    assert not method.redelivered
    t.channel.basic_nack(method.delivery_tag, requeue=True)
    method, _, body = next(deliveries)
    assert method.redelivered and body == b"again"
    t.channel.basic_ack(method.delivery_tag)


def a_topic_exchange_routes_by_pattern(t):
    exchange = "x-" + uuid.uuid4().hex
    t.channel.exchange_declare(exchange, "topic", auto_delete=True)
    queue = t.queue()
    t.channel.queue_bind(queue, exchange, "orders.*.eu")
    t.channel.confirm_delivery()
    t.channel.basic_publish(exchange, "orders.new.us", b"1")
    t.channel.basic_publish(exchange, "orders.new.eu", b"2")
    assert t.take(queue)[2] == b"2"


def a_mandatory_message_without_a_queue_is_returned(t):
    t.channel.confirm_delivery()
    try:
        t.channel.basic_publish("", "nobody-" + uuid.uuid4().hex, b"", mandatory=True)
    except UnroutableError as error:
        assert error.messages[0].method.reply_code == 312
        return
    raise AssertionError("not returned")


def a_full_queue_nacks(t):
    queue = t.queue(arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
    t.channel.confirm_delivery()
    t.channel.basic_publish("", queue, b"1")
    try:
        t.channel.basic_publish("", queue, b"2")
    except NackError:
        return
    raise AssertionError("not refused")


def an_absent_queue_closes_the_channel_with_404(t):
    try:
        t.channel.queue_declare("nobody", passive=True)
    except ChannelClosedByBroker as closed:
        assert closed.reply_code == 404, closed
        assert closed.reply_text == "NOT_FOUND - no queue 'nobody' in vhost '/'", closed
        assert t.connection.is_open
        t.connection.channel()
        return
    raise AssertionError("not refused")


def another_declaration_closes_the_channel_with_406(t):
    queue = "mine-" + uuid.uuid4().hex
    t.channel.queue_declare(queue, exclusive=True)
    try:
        t.channel.queue_declare(queue, exclusive=True, arguments={"x-message-ttl": 1000})
    except ChannelClosedByBroker as closed:
        assert closed.reply_code == 406 and "inequivalent arg 'x-message-ttl'" in closed.reply_text, closed
        return
    raise AssertionError("not refused")


def a_wrong_password_is_an_authentication_error(t):
    try:
        connect(credentials=pika.PlainCredentials("guest", "wrong"))
    except (ProbableAuthenticationError, ConnectionClosedByBroker):
        return
    raise AssertionError("let in")


def expired_messages_are_dead_lettered(t):
    dead = t.queue()
    queue = t.queue(arguments={"x-message-ttl": 50, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead})
    t.channel.basic_publish("", queue, b"late")
    _, properties, body = t.take(dead)
    death = properties.headers["x-death"][0]
    assert body == b"late" and death["reason"] == "expired" and death["queue"] == queue and death["count"] == 1


def a_transaction_publishes_at_its_commit(t):
    queue = t.queue()
    t.channel.tx_select()
    t.channel.basic_publish("", queue, b"tx")
    other = t.connection.channel()
    assert other.basic_get(queue)[0] is None
    t.channel.tx_commit()
    assert t.take(queue)[2] == b"tx"


def request_and_reply_without_a_reply_queue(t):
    queue = t.queue()
    replies = []
    t.channel.basic_consume("amq.rabbitmq.reply-to", lambda ch, m, p, body: replies.append(body), auto_ack=True)
    t.channel.basic_publish("", queue, b"question", pika.BasicProperties(reply_to="amq.rabbitmq.reply-to"))
    _, properties, _ = t.take(queue)
    t.channel.basic_publish("", properties.reply_to, b"answer")
    deadline = time.monotonic() + 5
    while not replies and time.monotonic() < deadline:
        t.connection.process_data_events(0.1)
    assert replies == [b"answer"]


def consumers_hear_that_their_queue_is_gone(t):
    queue = t.channel.queue_declare("gone-" + uuid.uuid4().hex).method.queue
    cancelled = []
    t.channel.add_on_cancel_callback(cancelled.append)
    t.channel.basic_consume(queue, lambda *_: None)
    t.connection.channel().queue_delete(queue)
    deadline = time.monotonic() + 5
    while not cancelled and time.monotonic() < deadline:
        t.connection.process_data_events(0.1)
    assert cancelled


BEHAVIOURS = [value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
              and value not in (connect, Test)]


def main():
    failed = 0
    for behaviour in BEHAVIOURS:
        name = behaviour.__name__.replace("_", " ")
        test = Test()
        try:
            behaviour(test)
            print("ok      python: " + name)
        except Exception:
            failed += 1
            print("FAILED  python: " + name)
            traceback.print_exc(file=sys.stdout)
        finally:
            if test.connection.is_open:
                test.connection.close()
    print(f"{len(BEHAVIOURS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
