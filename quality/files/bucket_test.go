package files_test

import (
	"io"
	"log"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/seed-34fcb60d/rounds/quality/files"
)

func TestBucket(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	t.Setenv("AWS_CONFIG_FILE", "none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
	backend := s3mem.New()
	if err := backend.CreateBucket("rounds"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(gofakes3.New(backend).Server())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of who does not read to the end
	server.Start()
	t.Cleanup(server.Close)
	at := "s3://rounds?" + url.Values{"region": {"us-east-1"}, "endpoint": {server.URL}, "use_path_style": {"true"}}.Encode()
	s, err := files.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	conform(t, s)
	left, err := backend.ListBucket("rounds", nil, gofakes3.ListBucketPage{})
	if err != nil || len(left.Contents) != 1 {
		t.Errorf("in the bucket are %v, %v", left, err)
	}
}
