package main

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// sample is what a closed loop has measured.
type sample struct {
	took      time.Duration
	latencies []time.Duration
	bytes     int64 // of all answers
}

func (s *sample) add(more sample) {
	s.took += more.took
	s.latencies = append(s.latencies, more.latencies...)
	s.bytes += more.bytes
}

// perSecond is how many requests were answered in a second.
func (s *sample) perSecond() float64 { return float64(len(s.latencies)) / s.took.Seconds() }

// percentile returns the smallest latency that is not exceeded by a share of the
// requests, from above 0 to 1 (nearest rank). It sorts the latencies.
func (s *sample) percentile(share float64) time.Duration {
	if len(s.latencies) == 0 {
		return 0
	}
	slices.Sort(s.latencies)
	return s.latencies[int(math.Ceil(share*float64(len(s.latencies))))-1]
}

// errExhausted ends a closed loop before its time: there is no more to do.
var errExhausted = errors.New("nothing left to do")

// closedLoop lets each client send one request after the other for a time, and
// waits for the last answers. do is given the number of its call, counted over all
// clients, and returns the size of the answer. An error ends the loop.
func closedLoop(ctx context.Context, clients []*client, length time.Duration, do func(c *client, n int) (size int, err error)) (sample, error) {
	loop, stop := context.WithCancel(ctx)
	defer stop()
	var calls atomic.Int64
	parts, failed := make([]sample, len(clients)), make([]error, len(clients))
	began := now()
	var working sync.WaitGroup
	for i, c := range clients {
		working.Go(func() {
			part := &parts[i]
			for at := now(); loop.Err() == nil && at.Sub(began) < length; {
				size, err := do(c, int(calls.Add(1)-1))
				if err != nil {
					failed[i] = err
					stop()
					return
				}
				done := now()
				part.latencies = append(part.latencies, done.Sub(at))
				part.bytes += int64(size)
				at = done
			}
		})
	}
	working.Wait()
	all := sample{}
	for _, part := range parts {
		all.add(part)
	}
	all.took = now().Sub(began)
	for _, err := range failed {
		if err != nil && !errors.Is(err, errExhausted) {
			return all, err
		}
	}
	return all, ctx.Err()
}

// dialAll opens connections for a closed loop.
func dialAll(ctx context.Context, n int, addr, path, token string) ([]*client, error) {
	clients := make([]*client, 0, n)
	for range n {
		c, err := dial(ctx, addr, path, token)
		if err != nil {
			closeAll(clients)
			return nil, err
		}
		clients = append(clients, c)
	}
	return clients, nil
}

func closeAll(clients []*client) {
	for _, c := range clients {
		c.close()
	}
}
