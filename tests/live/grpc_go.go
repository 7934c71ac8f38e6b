// Calls of gRPC with grpc-go to the address in the first argument; each prints a line of JSON with what its caller
// is given. With a second argument over TLS, trusting the authority in that file. CALLS names those to make, with
// commas between.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/golang/protobuf/ptypes"
	"github.com/golang/protobuf/ptypes/empty"
	"github.com/golang/protobuf/ptypes/wrappers"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/health"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const patience = 30 * time.Second

// seen is what the caller of one call is given.
type seen struct {
	Call     string            `json:"call"`
	Version  string            `json:"version"`
	Code     string            `json:"code"`
	Message  string            `json:"message"`
	Error    string            `json:"error"`
	Pushback []string          `json:"pushback"`
	Delay    float64           `json:"delay"`
	Reason   string            `json:"reason"`
	Domain   string            `json:"domain"`
	Facts    map[string]string `json:"facts"`
	Locale   string            `json:"locale"`
	Words    string            `json:"words"`
	Took     float64           `json:"took"`
	Statuses []string          `json:"statuses"`
}

var authority string

func connect(address string, options ...grpc.DialOption) *grpc.ClientConn {
	security := grpc.WithInsecure()
	if authority != "" {
		trusted, err := credentials.NewClientTLSFromFile(authority, "localhost")
		check(err)
		security = grpc.WithTransportCredentials(trusted)
	}
	connection, err := grpc.Dial(address, append(options, security)...)
	check(err)
	return connection
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(call string, started time.Time, err error, trailer metadata.MD, statuses ...string) {
	told := status.Convert(err)
	out := seen{Call: call, Version: grpc.Version, Code: told.Code().String(), Message: told.Message(),
		Pushback: trailer.Get("grpc-retry-pushback-ms"), Took: time.Since(started).Seconds(), Statuses: statuses}
	if err != nil {
		out.Error = err.Error()
	}
	for _, detail := range told.Details() {
		switch is := detail.(type) {
		case *errdetails.RetryInfo:
			delay, err := ptypes.Duration(is.RetryDelay)
			check(err)
			out.Delay = delay.Seconds()
		case *errdetails.ErrorInfo:
			out.Reason, out.Domain, out.Facts = is.Reason, is.Domain, is.Metadata
		case *errdetails.LocalizedMessage:
			out.Locale, out.Words = is.Locale, is.Message
		default:
			out.Error += fmt.Sprintf(" and %T", detail)
		}
	}
	line, err := json.Marshal(out)
	check(err)
	fmt.Println(string(line))
}

// unary makes one call, with so many bytes.
func unary(name string, connection *grpc.ClientConn, size int, patience time.Duration) {
	started := time.Now()
	context, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var trailer metadata.MD
	err := connection.Invoke(context, "/orders.Orders/Get", &wrappers.BytesValue{Value: make([]byte, size)},
		&empty.Empty{}, grpc.Trailer(&trailer))
	show(name, started, err, trailer)
}

// stream says one thing, does not end its side if it is the client's to say more, and waits.
func stream(name string, connection *grpc.ClientConn, ofClient, ofServer bool) {
	started := time.Now()
	context, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	call, err := connection.NewStream(context, &grpc.StreamDesc{ClientStreams: ofClient, ServerStreams: ofServer},
		"/orders.Orders/Stream")
	check(err)
	_ = call.SendMsg(&empty.Empty{}) // what is wrong, RecvMsg tells
	if !ofClient {
		_ = call.CloseSend()
	}
	err = call.RecvMsg(&empty.Empty{})
	show(name, started, err, call.Trailer())
}

// watch shows what a health check says until it ends.
func watch(connection *grpc.ClientConn) {
	started := time.Now()
	context, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	watched, err := health.NewHealthClient(connection).Watch(context, &health.HealthCheckRequest{})
	check(err)
	statuses := []string{}
	for {
		said, err := watched.Recv()
		if err != nil {
			show("watch", started, err, watched.Trailer(), statuses...)
			return
		}
		statuses = append(statuses, said.Status.String())
	}
}

func checkHealth(connection *grpc.ClientConn, service string) {
	started := time.Now()
	context, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var trailer metadata.MD
	said, err := health.NewHealthClient(connection).Check(context, &health.HealthCheckRequest{Service: service},
		grpc.Trailer(&trailer))
	show("check "+service, started, err, trailer, said.GetStatus().String())
}

func main() {
	address := os.Args[1]
	if len(os.Args) > 2 {
		authority = os.Args[2]
	}
	plain := connect(address)
	defer plain.Close()
	retrying := connect(address, grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "orders.Orders"}],
		"retryPolicy": {"maxAttempts": 2, "initialBackoff": "0.01s", "maxBackoff": "0.01s", "backoffMultiplier": 1,
		"retryableStatusCodes": ["UNAVAILABLE"]}}]}`))
	defer retrying.Close()
	checking := connect(address, grpc.WithDefaultServiceConfig(
		`{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "orders.Orders"}}`))
	defer checking.Close()
	calls := []struct {
		name string
		make func()
	}{
		{"unary", func() { unary("unary", plain, 1, patience) }},
		{"large", func() { unary("large", plain, 3000000, patience) }},
		{"requests as a stream", func() { stream("requests as a stream", plain, true, false) }},
		{"answers as a stream", func() { stream("answers as a stream", plain, false, true) }},
		{"both as streams", func() { stream("both as streams", plain, true, true) }},
		{"check", func() {
			checkHealth(plain, "")
			checkHealth(plain, "intermission")
		}},
		{"watch", func() { watch(plain) }},
		{"retrying", func() { unary("retrying", retrying, 1, patience) }},
		{"checking health", func() { unary("checking health", checking, 1, patience) }},
	}
	wanted := os.Getenv("CALLS")
	for _, call := range calls {
		if wanted == "" || strings.Contains(","+wanted+",", ","+call.name+",") {
			call.make()
		}
	}
}
