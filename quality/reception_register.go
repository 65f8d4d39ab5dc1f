package quality

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// OwnerAway says what becomes of a customer whose owner is not on duty.
type OwnerAway string

// What can become of a customer whose owner is not on duty.
const (
	AskFirst       OwnerAway = "ASK"
	TakeRotation   OwnerAway = "ROTATION"
	LeaveWithOwner OwnerAway = "OWNER"
)

// RegisterVisit is a visit, call or message to register. Nil means what the API's
// input says of what is left out.
type RegisterVisit struct {
	IdempotencyKey *string
	DepartmentID   typeid.DepartmentID
	Channel        visit.Channel
	At             *time.Time
	CustomerID     *typeid.CustomerID
	Phone          *string
	Email          *string
	Name           *string
	Kind           customer.Kind
	Source         *string
	Known          *bool
	DealingWithID  *typeid.StaffID
	AssignToID     *typeid.StaffID
	Group          *string
	OwnerAway      OwnerAway
	Rings          *int
}

// Bounds of a registration.
const (
	maxRings = 99
	visitAge = 7 * 24 * time.Hour // what is older is no longer shared out
)

// reception is a registration under way.
type reception struct {
	*RegisterVisit
	site     *db.Site
	day      string
	now      time.Time
	customer *db.Customer // whom the visitor was found to be; nil for a new one
	found    bool         // the file was there before
	warnings []Warning
	events   []events.Event

	assigned   typeid.StaffID
	assignment visit.Assignment
	group      *string
}

// RegisterVisit registers a visit, a call or a message, and says who serves the
// visitor (R-CUS-2): a known customer's owner, else the next person in today's
// rotation of the group on duty, who then owns the relation. Whether the visitor is
// known is asked of all files of the site, whoever registers: the visitor is to meet
// whom they deal with. The file itself stays with those who may see it.
func (s *Service) RegisterVisit(ctx context.Context, in RegisterVisit) (*Change[*db.Visit], error) {
	return run(ctx, s, useCase[*db.Visit]{
		area: ent.Customers, name: "receptionRegister", key: in.IdempotencyKey, in: in, read: s.readVisit,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Visit], error) {
			var none effect[*db.Visit]
			in := in
			r, err := s.receive(ctx, tx, &in)
			if err != nil {
				return none, err
			}
			if err := s.recognise(ctx, tx, r); err != nil {
				return none, err
			}
			r.found = r.customer != nil
			if err := s.share(ctx, tx, r); err != nil {
				return none, err
			}
			if err := s.fileVisitor(ctx, tx, r); err != nil {
				return none, err
			}
			v, err := r.store(ctx, tx)
			if err != nil {
				return none, err
			}
			if err := s.inTouch(ctx, tx, v.CustomerID, v.At); err != nil {
				return none, err
			}
			return effect[*db.Visit]{object: v.Unwrap(), ids: []string{v.ID.String()}, warnings: r.warnings,
				events: append(r.events, visitEvent(EventVisitRegistered, v, r.now))}, nil
		},
	})
}

// receive checks an input.
func (s *Service) receive(ctx context.Context, tx *db.Tx, in *RegisterVisit) (*reception, error) {
	r := &reception{RegisterVisit: in, now: s.now()}
	d, err := tx.Department.Query().Where(department.ID(in.DepartmentID)).WithSite().Only(ctx)
	if err := seen(d, err)("departmentId"); err != nil {
		return nil, err
	}
	r.site = d.Edges.Site
	var bad check
	bad.optional(&in.Phone, maxName, "phone")
	bad.optional(&in.Email, maxName, "email")
	bad.optional(&in.Source, maxSource, "source")
	bad.optional(&in.Group, maxGroup, "group")
	bad.optional(&in.Name, maxName, "name")
	if in.At == nil {
		in.At = &r.now
	}
	at := in.At.UTC().Truncate(time.Microsecond)
	in.At = &at
	bad.notAfter(at, r.now, "A visit cannot be registered ahead.", "不能提前登记来访。", "at")
	bad.notAfter(r.now.Add(-visitAge), at, "A visit is registered within seven days.", "来访须在七天内登记。", "at")
	if in.Rings != nil && (*in.Rings < 0 || *in.Rings > maxRings || in.Channel != visit.ChannelTELEPHONE) {
		bad.add(Invalid, "Only a telephone rings, and 0 to 99 times.", "只有电话来访可填写铃响次数，范围 0 至 99。", "rings")
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	for _, named := range []struct {
		id   *typeid.StaffID
		path string
	}{{in.DealingWithID, "dealingWithId"}, {in.AssignToID, "assignToId"}} {
		if named.id == nil {
			continue
		}
		if err := employedAt(ctx, tx, r.site.ID, *named.id, named.path); err != nil {
			return nil, err
		}
	}
	r.day, err = dayAt(r.site, at)
	return r, err
}

// recognise finds out whether the visitor is a customer of the site: the one that was
// named, else the first registered with the telephone number or the e-mail address
// (R-CUS-3). Nobody else can register the same contact data at reception until the
// transaction ends.
func (s *Service) recognise(ctx context.Context, tx *db.Tx, r *reception) error {
	if r.CustomerID != nil {
		of, err := tx.Customer.Get(ctx, *r.CustomerID)
		if err := seen(of, err)("customerId"); err != nil {
			return err
		}
		if of.SiteID != r.site.ID {
			return reject(Invalid, text("The customer belongs to another site.", "该客户属于其他营业点。"), "customerId")
		}
		if err := refuseMerged(of, "customerId"); err != nil {
			return err
		}
		r.customer = of
		return nil
	}
	keys, err := s.keysIn(ctx, tx)
	if err != nil {
		return err
	}
	var bad check
	var given [][][]byte // the digests of each value
	fields := []contact.Field{contact.PhoneField, contact.EmailField}
	for n, value := range []*string{r.Phone, r.Email} {
		if value == nil {
			continue
		}
		normal, err := normalise(fields[n], *value, r.site.Country)
		if err != nil {
			bad.add(Invalid, "This is not a valid value.", "格式不正确。", string(fields[n]))
			continue
		}
		digests, err := keys.Digests(fields[n], normal)
		if err != nil {
			return err
		}
		given = append(given, digests)
	}
	if bad.err() != nil {
		return bad.err()
	}
	if err := s.lockContacts(ctx, tx, slices.Concat(given...)); err != nil {
		return err
	}
	for _, digests := range given {
		if r.customer != nil {
			break
		}
		if r.customer, err = siteCustomer(ctx, tx, r.site.ID, digests); err != nil {
			return err
		}
	}
	return nil
}

// lockContacts lets others who register the same contact data wait. SQLite has one
// writer anyway.
func (s *Service) lockContacts(ctx context.Context, tx *db.Tx, digests [][]byte) error {
	if !s.db.IsPostgres() {
		return nil
	}
	slices.SortFunc(digests, bytes.Compare) // all in the same order, so that nobody waits for another
	for _, digest := range digests {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(binary.BigEndian.Uint64(digest))); err != nil {
			return fmt.Errorf("locking contact data: %w", err)
		}
	}
	return nil
}

// share says who serves the visitor.
func (s *Service) share(ctx context.Context, tx *db.Tx, r *reception) error {
	group, people, err := groupOnDuty(ctx, tx, r.DepartmentID, *r.At, r.Group)
	if err != nil {
		return err
	}
	if r.customer != nil && r.DealingWithID != nil && !r.customer.OwnerID.IsZero() && r.customer.OwnerID != *r.DealingWithID {
		r.warnings = append(r.warnings, Warning{OtherOwner, text("The visitor named somebody else than the record does; the record counts.", "来访者所说的接待人与记录不符，以记录为准。")})
	}
	switch {
	case r.AssignToID != nil:
		if len(people) > 0 && !answersFor(ent.ViewerFrom(ctx), r.site.ID, r.DepartmentID) {
			return forbidden(text("While somebody is on duty, only who answers for the department names who serves.", "有人值班时，只有部门负责人可以指定接待人。"))
		}
		r.assigned, r.assignment = *r.AssignToID, visit.AssignmentBY_HAND
		return nil
	case r.customer != nil && !r.customer.OwnerID.IsZero():
		there, err := ownerThere(ctx, tx, r, len(people) > 0)
		if err != nil {
			return err
		}
		if there || r.OwnerAway == LeaveWithOwner {
			r.assigned, r.assignment = r.customer.OwnerID, visit.AssignmentOWNER
			return nil
		}
		if r.OwnerAway != TakeRotation {
			return reject(Rejected, text("The owner of the relation is not on duty. Say whether the rotation serves the customer or the owner shall, later.",
				"客户负责人不在班。请选择由轮值人员接待，或留待负责人处理。"), "ownerAway")
		}
		r.warnings = append(r.warnings, Warning{OwnerNotOnDuty, text("The owner of the relation is not on duty and keeps it.", "客户负责人不在班，客户归属不变。")})
	case r.customer == nil && r.DealingWithID != nil:
		r.assigned, r.assignment = *r.DealingWithID, visit.AssignmentBY_HAND
		return nil
	}
	if len(people) == 0 {
		return reject(Rejected, text("Nobody of the group is on duty: name who serves the visitor.", "该组无人值班，请指定接待人。"), "assignToId")
	}
	rotation, err := lockRotation(ctx, tx, r.DepartmentID, r.day, group, 1)
	if err != nil {
		return err
	}
	r.assignment, r.group = visit.AssignmentROTATION, &group
	r.assigned, err = nextInRotation(ctx, tx, rotation, people)
	return err
}

// ownerThere reports whether the owner of a customer serves: by the rota, or, where
// the department keeps none at the time, by working here at all.
func ownerThere(ctx context.Context, tx *db.Tx, r *reception, kept bool) (bool, error) {
	ctx = ent.AsSystem(ctx)
	owner, err := tx.Staff.Get(ctx, r.customer.OwnerID)
	if err != nil {
		return false, fmt.Errorf("looking up the owner of a customer: %w", err)
	}
	if !owner.Active || !kept {
		return owner.Active, nil
	}
	there, err := tx.Shift.Query().Where(servedAt(*r.At), shift.StaffID(owner.ID)).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("looking for the shift of a customer's owner: %w", err)
	}
	return there, nil
}

// fileVisitor makes a file of a new visitor who gave a name, and gives a customer
// without an owner one: who serves the visitor owns the relation.
func (s *Service) fileVisitor(ctx context.Context, tx *db.Tx, r *reception) error {
	switch {
	case r.customer == nil && r.Name != nil:
		create := tx.Customer.Create()
		keys, err := s.keysIn(ctx, tx)
		if err != nil {
			return err
		}
		points, err := s.fillCustomer(ctx, tx, keys, create, &RegisterCustomer{DepartmentID: &r.DepartmentID, Kind: r.Kind, Name: *r.Name,
			Phone: r.Phone, Email: r.Email, Source: r.Source}, r.site)
		if err != nil {
			return err
		}
		if r.customer, err = create.SetOwnerID(r.assigned).Save(ctx); err != nil {
			return fmt.Errorf("registering a visitor's file: %w", err)
		}
		for _, p := range points {
			if err := p.create(tx, r.customer.ID, true, r.now).Exec(ctx); err != nil {
				return fmt.Errorf("adding a contact point: %w", err)
			}
		}
		r.events = append(r.events, customerEvent(EventCustomerRegistered, r.customer, r.now))
	case r.customer != nil && r.customer.OwnerID.IsZero():
		of, err := tx.Customer.UpdateOneID(r.customer.ID).Where(customer.Revision(r.customer.Revision)).AddRevision(1).
			SetOwnerID(r.assigned).SetUpdatedAt(r.now).Save(ent.AsSystem(ctx))
		if db.IsNotFound(err) {
			return conflict()
		}
		if err != nil {
			return fmt.Errorf("giving a customer an owner: %w", err)
		}
		if err := recordOwner(ctx, tx, r.customer, r.assigned, nil, r.now); err != nil {
			return err
		}
		r.customer = of
		r.events = append(r.events, customerEvent(EventCustomerUpdated, of, r.now, "owner", "ownerChanges", "revision"))
	}
	return nil
}

// store writes the visit.
func (r *reception) store(ctx context.Context, tx *db.Tx) (*db.Visit, error) {
	known := r.found || r.DealingWithID != nil || r.Known != nil && *r.Known
	create := tx.Visit.Create().SetSiteID(r.site.ID).SetDepartmentID(r.DepartmentID).SetChannel(r.Channel).SetAt(*r.At).SetDay(r.day).
		SetAssignedID(r.assigned).SetAssignment(r.assignment).SetNillableGroup(r.group).SetReceivedByID(ent.ViewerFrom(ctx).Staff).
		SetNillableDealingWithID(r.DealingWithID).SetNillableRings(r.Rings).SetUpdatedAt(r.now)
	source := r.Source
	if of := r.customer; of != nil {
		create.SetCustomerID(of.ID).SetOwnerID(of.OwnerID)
		if source == nil {
			source = of.Source
		}
	}
	v, err := create.SetKnown(known).SetNillableSource(source).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("registering a visit: %w", err)
	}
	return v, nil
}
