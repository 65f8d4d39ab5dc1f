package quality

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/accesstoken"
	"github.com/seed-34fcb60d/rounds/ent/db/attachment"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/contact"
	"github.com/seed-34fcb60d/rounds/quality/files"
)

// AttachmentPath is where links to attachments lead: the id of one follows.
const AttachmentPath = "/attachments/"

// linkField sets the signatures of links apart from the digests of contact data.
const linkField contact.Field = "attachment link"

// ErrLink is returned for a link that was never given out, has expired, or was given to
// somebody who has no access any more. It does not say which.
var ErrLink = errors.New("the link to an attachment is not valid")

// AttachmentLink is a link by which the viewer, and nobody else's rights, opens an
// attachment for a while, relative to the server's address. It is nil for one that was
// erased, and for who came in by no token.
func (s *Service) AttachmentLink(ctx context.Context, a *db.Attachment) (*string, error) {
	v := ent.ViewerFrom(ctx)
	if a.ErasedAt != nil || v.Token.IsZero() {
		return nil, nil
	}
	expires := s.now().Add(s.linkLife).Unix()
	signature, err := s.contacts.Sign(linkField, linkMessage(a.ID, v.Token, expires))
	if err != nil {
		return nil, err
	}
	link := AttachmentPath + a.ID.String() + "?" + url.Values{
		"token": {v.Token.String()}, "expires": {strconv.FormatInt(expires, 10)}, "signature": {base64.RawURLEncoding.EncodeToString(signature)},
	}.Encode()
	return &link, nil
}

func linkMessage(id typeid.AttachmentID, token typeid.TokenID, expires int64) string {
	return fmt.Sprintf("%s %s %d", id, token, expires)
}

// OpenedAttachment is an attachment that is being downloaded. It has to be closed.
type OpenedAttachment struct {
	*db.Attachment
	*files.Content
	Viewer typeid.TokenID // the token to which the link was given
}

// OpenAttachment opens an attachment by a link. What counts is what the token that the
// link was given to may see now. A link that is not valid is [ErrLink]; a record that is
// not the viewer's to see, or was erased, is a Rejection of kind NotFound.
func (s *Service) OpenAttachment(ctx context.Context, id string, query url.Values) (*OpenedAttachment, error) {
	attachmentID, known := typeid.Parse[typeid.AttachmentID](id)
	token, _ := typeid.Parse[typeid.TokenID](query.Get("token"))
	if err := s.checkLink(attachmentID, token, query); err != nil || !known {
		return nil, errors.Join(ErrLink, err)
	}
	v, _, err := s.admit(ctx, accesstoken.ID(token))
	if errors.Is(err, ErrUnauthenticated) {
		return nil, ErrLink
	}
	if err != nil {
		return nil, err
	}
	a, err := s.db.Attachment.Query().Where(attachment.ID(attachmentID)).Only(ent.WithViewer(ctx, v))
	if db.IsNotFound(err) || err == nil && a.ErasedAt != nil {
		return nil, notFound()
	}
	if err != nil {
		return nil, fmt.Errorf("looking up an attachment: %w", err)
	}
	content, err := s.readFile(ent.AsSystem(ctx), a.FileID)
	if err != nil {
		return nil, err
	}
	return &OpenedAttachment{Attachment: a, Content: content, Viewer: token}, nil
}

// checkLink checks the signature of a link, and that it has not expired.
func (s *Service) checkLink(id typeid.AttachmentID, token typeid.TokenID, query url.Values) error {
	expires, err := strconv.ParseInt(query.Get("expires"), 10, 64)
	if err != nil || time.Unix(expires, 0).Before(s.now()) {
		return ErrLink
	}
	signature, err := base64.RawURLEncoding.DecodeString(query.Get("signature"))
	if err != nil {
		return ErrLink
	}
	signed, err := s.contacts.Signed(linkField, linkMessage(id, token, expires), signature)
	if err == nil && !signed {
		err = ErrLink
	}
	return err
}

// readFile opens the content of a stored file.
func (s *Service) readFile(ctx context.Context, id typeid.StoredFileID) (*files.Content, error) {
	if s.files == nil {
		return nil, errors.New("reading an attachment: the server has no store of attachments")
	}
	row, err := s.db.StoredFile.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("looking up a file: %w", err)
	}
	key, err := s.contacts.Open(fileKeyField, row.Key)
	if err != nil {
		return nil, err
	}
	return s.files.Read(ctx, objectName(row), []byte(key), row.Size)
}
