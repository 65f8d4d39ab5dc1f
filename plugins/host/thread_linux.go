package host

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// onThread runs f on an operating system's thread of its own and does not wait for
// it. What f does to the thread is done to no other goroutine, for the thread ends
// when f returns. It is never the main thread, which cannot end and stands for the
// process.
func onThread(f func()) {
	placed := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() {
			onThread(f) // as long as this goroutine holds the main thread, no other gets it
			runtime.UnlockOSThread()
			close(placed)
			return
		}
		close(placed)
		f() // the thread is never unlocked: that is what ends it
	}()
	<-placed
}
