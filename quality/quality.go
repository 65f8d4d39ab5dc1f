// Package quality holds the use cases of service-quality control: moving a case
// from registration to its close, completing an inspection, approving an
// appraisal.
//
// One exported method is one use case and at most one transaction. The pure
// arithmetic is in quality/rules, the stored records are in ent/db, and a
// department's own judgement is reached through [Checklists]. What is foreseen to
// go wrong is a [Rejection]; any other error is a fault.
package quality

import (
	"cmp"
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/contact"
	"github.com/seed-34fcb60d/rounds/quality/files"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// Checklists reaches the departments' plugins.
type Checklists interface {
	// Judge lets the plugin judge an inspection by the definition that the
	// inspection was started with. Answers that the plugin refuses are a
	// *checklist.InputError. A plugin that does not answer, or no longer knows that
	// definition, is a Rejection of kind PluginUnavailable; one that breaks its
	// contract is PluginFailed.
	Judge(ctx context.Context, plugin string, definition checklist.Definition, in checklist.Inspection) (checklist.Judgement, error)
}

// Config is what a Service needs.
type Config struct {
	Database   *ent.Database    // required
	Events     *events.Log      // required
	Checklists Checklists       // required
	Plugins    Plugins          // required where plugins are pinned or reloaded
	Contacts   *contact.Keys    // required: seals the contact data of customers
	Now        func() time.Time // required: the clock
	Logger     zerolog.Logger
	Deadlines  rules.Deadlines // default: rules.DefaultDeadlines
	// Compensation is what each level grants alone; default: rules.DefaultCompensationLimits.
	Compensation rules.CompensationLimits
	// Penalty is proposed for a substantiated complaint; default: rules.DefaultComplaintPenalty.
	Penalty rules.ComplaintPenalty

	// Files keeps the contents of attachments. Without it none are taken.
	Files *files.Store
	// StoredPerHour bounds the bytes of files that one viewer sends within an hour.
	// Default: 1 GiB.
	StoredPerHour int64
	// LinkLife is how long a link to an attachment is good. Default: 5 minutes.
	LinkLife time.Duration

	// ArchiveAfter is how long after its close whoever answered for a case may archive
	// it; managers may at once. Default: 90 days.
	ArchiveAfter time.Duration

	// ContactEvery is how many days lie between two regular contacts with a customer for
	// whom nothing else was said. Default: 90; negative: there are none.
	ContactEvery int

	// RevealsPerHour bounds how many customers' contact data one viewer is told in
	// clear within an hour. Default: 60.
	RevealsPerHour int
}

// Service carries out the use cases. Its methods may be called at once from many
// goroutines; who asks is the viewer in their context.
type Service struct {
	db         *ent.Database
	events     *events.Log
	checklists Checklists
	plugins    Plugins
	contacts   *contact.Keys
	clock      func() time.Time
	log        zerolog.Logger
	deadlines  rules.Deadlines
	limits     rules.CompensationLimits
	penalty    rules.ComplaintPenalty
	numbers    numbers
	due        dueWork

	files         *files.Store
	storedPerHour int64
	linkLife      time.Duration

	archiveAfter   time.Duration
	contactEvery   int
	revealsPerHour int
}

// New returns a Service.
func New(cfg Config) *Service {
	return &Service{
		db:         cfg.Database,
		events:     cfg.Events,
		checklists: cfg.Checklists,
		plugins:    cfg.Plugins,
		contacts:   cfg.Contacts,
		clock:      cfg.Now,
		log:        cfg.Logger,
		deadlines:  cmp.Or(cfg.Deadlines, rules.DefaultDeadlines),
		limits:     cmp.Or(cfg.Compensation, rules.DefaultCompensationLimits),
		penalty:    cmp.Or(cfg.Penalty, rules.DefaultComplaintPenalty),

		files:         cfg.Files,
		storedPerHour: cmp.Or(cfg.StoredPerHour, 1<<30),
		linkLife:      cmp.Or(cfg.LinkLife, 5*time.Minute),

		archiveAfter:   cmp.Or(cfg.ArchiveAfter, 90*24*time.Hour),
		contactEvery:   cmp.Or(cfg.ContactEvery, 90),
		revealsPerHour: cmp.Or(cfg.RevealsPerHour, 60),
	}
}

// now is the time as both databases store it.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }
