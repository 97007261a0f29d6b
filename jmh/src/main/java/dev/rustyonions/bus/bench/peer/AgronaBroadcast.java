package dev.rustyonions.bus.bench.peer;

import org.agrona.BitUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.broadcast.BroadcastBufferDescriptor;
import org.agrona.concurrent.broadcast.BroadcastReceiver;
import org.agrona.concurrent.broadcast.BroadcastTransmitter;

import java.nio.ByteBuffer;

/**
 * Agrona's broadcast buffer: one producer, records of bytes, receivers poll; a receiver that is
 * lapped goes on from the newest.
 */
final class AgronaBroadcast implements Peer {
    private static final int TYPE = 1;
    private static final int LENGTH = 2 * Long.BYTES;
    private static final int RECORD = 2 * Integer.BYTES + LENGTH;

    private final UnsafeBuffer buffer;
    private final BroadcastTransmitter transmitter;
    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final boolean spin;
    private volatile boolean ended;

    AgronaBroadcast(int capacity, boolean spin) {
        int bytes = BitUtil.findNextPositivePowerOfTwo(capacity * RECORD);
        buffer =
                new UnsafeBuffer(
                        ByteBuffer.allocateDirect(
                                bytes + BroadcastBufferDescriptor.TRAILER_LENGTH));
        transmitter = new BroadcastTransmitter(buffer);
        this.spin = spin;
    }

    @Override
    public String whenFull() {
        return "overwrites the oldest and tells the receiver that it was lapped";
    }

    @Override
    public Feed subscribe() {
        BroadcastReceiver receiver = new BroadcastReceiver(buffer);
        IdleStrategy idle =
                spin ? new BusySpinIdleStrategy() : new BackoffIdleStrategy(10, 10, 1_000, 100_000);
        return ledger -> receive(receiver, idle, ledger);
    }

    private void receive(BroadcastReceiver receiver, IdleStrategy idle, Ledger ledger) {
        while (true) {
            boolean last = ended;
            if (receiver.receiveNext()) {
                long index = receiver.buffer().getLong(receiver.offset());
                long due = receiver.buffer().getLong(receiver.offset() + Long.BYTES);
                if (receiver.validate()) {
                    ledger.take(new Tick(0, index, due));
                }
                idle.reset();
            } else if (last) {
                ledger.end();
                return;
            } else {
                idle.idle();
            }
        }
    }

    @Override
    public void publish(Tick tick) {
        record.putLong(0, tick.index());
        record.putLong(Long.BYTES, tick.due());
        transmitter.transmit(TYPE, record, 0, LENGTH);
    }

    @Override
    public void end() {
        ended = true;
    }
}
