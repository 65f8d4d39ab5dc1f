package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

const openMutation = `mutation ($input: CaseOpenInput!) { caseOpen(input: $input) {
	case { id number status dueAt revision customer { id name } } errors { code message } cursor } }`

// openBody is the request that opens a case.
func openBody(customer, key string) []byte {
	return operationBody(openMutation, map[string]any{"input": map[string]any{
		"idempotencyKey": key, "customerId": customer, "kind": "COMPLAINT", "channel": "TELEPHONE", "severity": "MAJOR",
		"topicText": topics[0], "subject": subjects[0], "description": liveDescription,
	}})
}

// noErrors is in the answer to a change that was made.
var noErrors = []byte(`"errors":[]`)

// change posts a mutation and checks that it was made.
func (c *client) change(body []byte) ([]byte, error) {
	answer, err := c.query(body)
	if err == nil && !bytes.Contains(answer, noErrors) {
		err = fmt.Errorf("refused: %.500s", answer)
	}
	return answer, err
}

// customersOf are customers whom the manager looks after.
func (b *bench) customersOf(ctx context.Context) ([]string, error) {
	found, err := b.store.ids(ctx, "SELECT id FROM customers WHERE department_id = $1 ORDER BY id", b.store.set.departments[b.manager.department].id[:])
	return each(some(found), func(u id) string { return typeid.CustomerID(u).String() }), err
}

// measureOpening measures the registration of cases, by whoever has a token.
func (b *bench) measureOpening(ctx context.Context, name, token string) ([]figures, error) {
	customers, err := b.customersOf(ctx)
	if err != nil {
		return nil, err
	}
	clients, err := dialAll(ctx, b.connections, b.server.addr, "/graphql", token)
	if err != nil {
		return nil, err
	}
	defer closeAll(clients)
	series := now().UnixNano() // idempotency keys are good for one run
	open := func(c *client, n int) (int, error) {
		answer, err := c.change(openBody(customers[n%len(customers)], fmt.Sprintf("open-%d-%d", series, n)))
		return len(answer), err
	}
	if _, err := closedLoop(ctx, clients, b.warmUp(), open); err != nil {
		return nil, err
	}
	series++
	if err := b.server.resetPeak(); err != nil {
		return nil, err
	}
	s, err := closedLoop(ctx, clients, b.length, open)
	if err != nil {
		return nil, err
	}
	out, err := b.figures(name, s)
	return []figures{out}, err
}

const dispatchMutation = `mutation ($input: CaseDispatchInput!) { caseDispatch(input: $input) {
	case { id status dueAt revision department { id } dispatchedTo { id } } errors { code message } cursor } }`

// measureDispatching measures the hand-over of cases to departments. The cases are
// opened beforehand, as many as may be needed.
func (b *bench) measureDispatching(ctx context.Context) ([]figures, error) {
	customers, err := b.customersOf(ctx)
	if err != nil {
		return nil, err
	}
	clients, err := dialAll(ctx, b.connections, b.server.addr, "/graphql", b.executive)
	if err != nil {
		return nil, err
	}
	defer closeAll(clients)
	series := now().UnixNano() // idempotency keys are good for one run
	opened := func(count int) ([]string, error) {
		cases := make([]string, count)
		series++
		_, err := closedLoop(ctx, clients, math.MaxInt64, func(c *client, n int) (int, error) {
			if n >= count {
				return 0, errExhausted
			}
			answer, err := c.change(openBody(customers[n%len(customers)], fmt.Sprintf("dispatch-%d-%d", series, n)))
			cases[n] = string(caseID.Find(answer))
			return 0, err
		})
		return cases, err
	}
	dispatch := func(cases []string) func(*client, int) (int, error) {
		return func(c *client, n int) (int, error) {
			if n >= len(cases) {
				return 0, errExhausted
			}
			answer, err := c.change(operationBody(dispatchMutation, map[string]any{"input": map[string]any{"idempotencyKey": "dispatch-" + cases[n],
				"id": cases[n], "expectedRevision": 1, "departmentId": departmentText(b.store.set.departments[b.manager.department].id)}}))
			return len(answer), err
		}
	}
	cases, err := opened(8 * len(clients))
	if err != nil {
		return nil, err
	}
	warm, err := closedLoop(ctx, clients, time.Minute, dispatch(cases))
	if err != nil {
		return nil, err
	}
	if cases, err = opened(int(math.Ceil(1.5 * warm.perSecond() * b.length.Seconds()))); err != nil {
		return nil, err
	}
	if err := b.server.resetPeak(); err != nil {
		return nil, err
	}
	s, err := closedLoop(ctx, clients, b.length, dispatch(cases))
	if err != nil {
		return nil, err
	}
	out, err := b.figures("dispatching a case", s)
	return []figures{out}, err
}

// caseID finds the id of a case in an answer.
var caseID = regexp.MustCompile(`case_[0-9a-z]{26}`)

// measureCompleting measures the completion of inspections, which a plugin's
// process judges. The drafts are made beforehand, as many as may be needed.
func (b *bench) measureCompleting(ctx context.Context) ([]figures, error) {
	clients, err := dialAll(ctx, b.connections, b.server.addr, "/graphql", b.officer)
	if err != nil {
		return nil, err
	}
	defer closeAll(clients)
	items, err := checklistItems(clients[0])
	if err != nil {
		return nil, err
	}
	complete := func(drafts []draft) func(*client, int) (int, error) {
		return func(c *client, n int) (int, error) {
			if n >= len(drafts) {
				return 0, errExhausted
			}
			answer, err := c.change(completeBody(drafts[n]))
			return len(answer), err
		}
	}
	drafts, err := b.makeDrafts(ctx, clients, items, 8*len(clients))
	if err != nil {
		return nil, err
	}
	warm, err := closedLoop(ctx, clients, time.Minute, complete(drafts))
	if err != nil {
		return nil, err
	}
	enough := int(math.Ceil(1.5 * warm.perSecond() * b.length.Seconds()))
	if drafts, err = b.makeDrafts(ctx, clients, items, enough); err != nil {
		return nil, err
	}
	if err := b.server.resetPeak(); err != nil {
		return nil, err
	}
	s, err := closedLoop(ctx, clients, b.length, complete(drafts))
	if err != nil {
		return nil, err
	}
	out, err := b.figures("completing an inspection", s)
	return []figures{out}, err
}

// makeDrafts makes inspections that wait for their completion.
func (b *bench) makeDrafts(ctx context.Context, clients []*client, items []item, count int) ([]draft, error) {
	drafts := make([]draft, count)
	departments := b.store.set.departments
	_, err := closedLoop(ctx, clients, math.MaxInt64, func(c *client, n int) (_ int, err error) {
		if n >= count {
			return 0, errExhausted
		}
		drafts[n], err = makeDraft(c, departmentText(departments[n%len(departments)].id), answersOf(items, n))
		return 0, err
	})
	if err != nil {
		return nil, errors.Join(errors.New("preparing inspections"), err)
	}
	return drafts, nil
}
