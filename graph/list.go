package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// list answers a root list, which holds the records of an area. Who may read none
// of them is told so: an empty list would say that there are none. Whatever hangs
// on a record, in contrast, is null or empty where it is not the viewer's to see.
func list[Q relay.Query[Q, T, P, O], T any, R relay.Row[T], P, O ~func(*sql.Selector)](
	ctx context.Context, area ent.Area, q Q, where conditions[P], args relay.Args, sort relay.Sort[T],
) (*relay.Connection[T], error) {
	if err := mayRead(ctx, area); err != nil {
		return nil, err
	}
	if where.err != nil {
		return nil, where.err
	}
	return relay.Page[Q, T, R](ctx, q.Where(where.all...), args, sort)
}

// mayRead returns an error for who may read nothing in an area. It depends on the
// role and the token alone, so it tells nothing of the records that there are.
func mayRead(ctx context.Context, area ent.Area) error {
	if ent.ViewerFrom(ctx).MayRead(area) {
		return nil
	}
	needed := string(area) + ":read"
	return problem(ctx, codeForbidden, checklist.Text{
		EN: "This needs " + needed + ", which your role or your token does not give you.", ZH: "此操作需要 " + needed + " 权限，您的角色或令牌未被授予该权限。"})
}
