package quality

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/accesstoken"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// tokenPrefix lets people and secret scanners recognise a token.
const tokenPrefix = "rounds_"

// ErrUnauthenticated is returned for a token that is unknown, revoked or expired,
// or whose owner has left. It does not say which.
var ErrUnauthenticated = errors.New("the access token is not valid")

// IssueToken is a token to make: for a staff member, or with a nil Staff for an
// integrator.
type IssueToken struct {
	Name    string // what it is for
	Staff   *typeid.StaffID
	Site    *typeid.SiteID // the only site that an integrator's token reaches; nil for all
	Scopes  []string       // see [ent.Scopes]; empty only for a staff member
	Expires *time.Time     // nil for never
}

// IssueToken makes a token. The secret is returned once and stored nowhere.
// It is for the operator's commands: the caller decides who may use it.
func (s *Service) IssueToken(ctx context.Context, in IssueToken) (secret string, _ *db.AccessToken, err error) {
	var c check
	c.text(&in.Name, 200, "name")
	if in.Staff == nil && len(in.Scopes) == 0 {
		c.add(Required, "A token that belongs to no staff member needs scopes.", "不属于员工的令牌必须指定权限范围。", "scopes")
	}
	for i, scope := range in.Scopes {
		if !slices.Contains(ent.Scopes(), scope) {
			c.add(Invalid, "There is no such scope: "+scope+". Known are "+strings.Join(ent.Scopes(), ", ")+".",
				"没有此权限范围："+scope, "scopes", fmt.Sprint(i))
		}
	}
	if in.Expires != nil && !in.Expires.After(s.now()) {
		c.add(Invalid, "The time of expiry has passed.", "到期时间已过。", "expires")
	}
	if c.err() != nil {
		return "", nil, c.err()
	}
	ctx = ent.AsSystem(ctx)
	var token *db.AccessToken
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) (err error) {
		if in.Staff != nil {
			if err := seen(tx.Staff.Get(ctx, *in.Staff))("staff"); err != nil {
				return err
			}
		}
		if in.Site != nil {
			if err := seen(tx.Site.Get(ctx, *in.Site))("site"); err != nil {
				return err
			}
		}
		secret, token, err = s.storeToken(ctx, tx, in)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return secret, token.Unwrap(), nil
}

// storeToken makes the secret of a token that was checked, and stores its digest.
func (s *Service) storeToken(ctx context.Context, tx *db.Tx, in IssueToken) (string, *db.AccessToken, error) {
	secret := tokenPrefix + rand.Text() + rand.Text()
	token, err := tx.AccessToken.Create().SetDigest(tokenDigest(secret)).SetName(in.Name).SetScopes(in.Scopes).
		SetCreatedAt(s.now()).SetNillableExpiresAt(in.Expires).SetNillableStaffID(in.Staff).SetNillableSiteID(in.Site).Save(ctx)
	if err != nil {
		return "", nil, fmt.Errorf("storing an access token: %w", err)
	}
	return secret, token, nil
}

// RevokeToken makes a token useless at once: by the event all servers learn of it,
// and end what the token has opened. Revoking it again changes nothing.
func (s *Service) RevokeToken(ctx context.Context, id typeid.TokenID) error {
	ctx = ent.AsSystem(ctx)
	return ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		token, err := tx.AccessToken.Get(ctx, id)
		if db.IsNotFound(err) {
			return notFound("id")
		}
		if err != nil || token.RevokedAt != nil {
			return err
		}
		if err := token.Update().SetRevokedAt(s.now()).Exec(ctx); err != nil {
			return err
		}
		_, err = s.events.Append(ctx, tx, events.Event{Kind: EventTokenRevoked, Subject: id.String(), Changed: []string{"revokedAt"}, At: s.now()})
		return err
	})
}

func tokenDigest(secret string) []byte {
	digest := sha256.Sum256([]byte(secret))
	return digest[:]
}

// Authenticate returns who comes in by a token, and when the token expires (zero
// for never). A token that is not valid is [ErrUnauthenticated].
func (s *Service) Authenticate(ctx context.Context, secret string) (ent.Viewer, time.Time, error) {
	return s.admit(ctx, accesstoken.Digest(tokenDigest(secret)))
}

// admit is Authenticate for a token that was found in some way.
func (s *Service) admit(ctx context.Context, which predicate.AccessToken) (ent.Viewer, time.Time, error) {
	ctx = ent.AsSystem(ctx)
	token, err := s.db.AccessToken.Query().Where(which).WithStaff().Only(ctx)
	if db.IsNotFound(err) {
		return ent.Viewer{}, time.Time{}, ErrUnauthenticated
	}
	if err != nil {
		return ent.Viewer{}, time.Time{}, fmt.Errorf("looking up the access token: %w", err)
	}
	var expires time.Time
	if token.ExpiresAt != nil {
		expires = *token.ExpiresAt
	}
	if token.RevokedAt != nil || !expires.IsZero() && !expires.After(s.now()) {
		return ent.Viewer{}, time.Time{}, ErrUnauthenticated
	}
	v := ent.Viewer{Role: ent.Integrator, Site: token.SiteID}
	if person := token.Edges.Staff; person != nil {
		if !person.Active {
			return ent.Viewer{}, time.Time{}, ErrUnauthenticated
		}
		if v, err = s.ViewerOf(ctx, person); err != nil {
			return ent.Viewer{}, time.Time{}, err
		}
	}
	v.Token = token.ID
	if len(token.Scopes) > 0 || v.Role == ent.Integrator { // whose token without scopes is good for nothing
		v.Scopes = append([]string{}, token.Scopes...)
	}
	return v, expires, nil
}

// ViewerOf returns a staff member as one who asks, with all that the role allows.
func (s *Service) ViewerOf(ctx context.Context, person *db.Staff) (ent.Viewer, error) {
	v := ent.Viewer{Role: person.Role, Staff: person.ID, Site: person.SiteID}
	var err error
	v.Departments, err = departmentsOf(ctx, s.db.Client, person)
	return v, err
}

// departmentsOf returns the departments that a lead or manager answers for, with
// all that are below them.
func departmentsOf(ctx context.Context, client *db.Client, person *db.Staff) ([]typeid.DepartmentID, error) {
	if person.Role != staff.RoleTEAM_LEAD && person.Role != staff.RoleDEPARTMENT_MANAGER {
		return nil, nil
	}
	ctx = ent.AsSystem(ctx)
	tops, err := client.Department.Query().
		Where(department.Or(department.ID(person.DepartmentID), department.HasOverseersWith(staff.ID(person.ID)))).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the departments that a manager answers for: %w", err)
	}
	var below []predicate.Department
	for _, d := range tops {
		below = append(below, department.PathHasPrefix(d.Path))
	}
	candidates, err := client.Department.Query().Where(department.Or(below...)).Order(department.ByPath()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the departments that a manager answers for: %w", err)
	}
	var ids []typeid.DepartmentID
	for _, d := range candidates {
		isBelow := func(top *db.Department) bool { return strings.HasPrefix(d.Path, top.Path) }
		if slices.ContainsFunc(tops, isBelow) { // SQLite compares without regard to case
			ids = append(ids, d.ID)
		}
	}
	return ids, nil
}
