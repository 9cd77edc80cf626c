// Package main serves the example's four scenarios with the standard library alone.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func primes(below int) int {
	count := 0
	for n := 2; n < below; n++ {
		isPrime := true
		for d := 2; d*d <= n && isPrime; d++ {
			isPrime = n%d != 0
		}
		if isPrime {
			count++
		}
	}
	return count
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// number reads the last part of the path, and answers 404 where it is none.
func number(w http.ResponseWriter, r *http.Request) (int, bool) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 {
		answer(w, http.StatusNotFound, map[string]string{"error": "not found"})
		return 0, false
	}
	return n, true
}

func main() {
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]bool{"ok": true})
	})
	http.HandleFunc("GET /hello/{n}", func(w http.ResponseWriter, r *http.Request) {
		if n, ok := number(w, r); ok {
			answer(w, http.StatusOK, map[string]int{"hello": n})
		}
	})
	http.HandleFunc("GET /primes/{n}", func(w http.ResponseWriter, r *http.Request) {
		if n, ok := number(w, r); ok {
			answer(w, http.StatusOK, map[string]int{"below": n, "primes": primes(n)})
		}
	})
	http.HandleFunc("GET /pause", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		answer(w, http.StatusOK, map[string]int{"paused_ms": 20})
	})
	http.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Text string `json:"text"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			answer(w, http.StatusBadRequest, map[string]string{"error": "no JSON"})
			return
		}
		answer(w, http.StatusOK, body)
	})
	server := &http.Server{Addr: os.Getenv("HOST") + ":" + os.Getenv("PORT")}
	ended := make(chan struct{})
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		<-signals
		server.Shutdown(context.Background())
		close(ended)
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		panic(err)
	}
	<-ended
}
