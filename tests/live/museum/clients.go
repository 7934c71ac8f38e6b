// Clients in Go, and what each shows its user: see tests/support/museum_program.py. They run side by
// side, because some of them wait a while before they give up.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	neturl "net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-storage-blob-go/azblob"
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
	"github.com/aws/aws-sdk-go/service/s3"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/dghubble/sling"
	"github.com/digitalocean/godo"
	"github.com/donovanhide/eventsource"
	"github.com/go-resty/resty"
	"github.com/google/go-github/github"
	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	gorilla "github.com/gorilla/websocket"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/hetznercloud/hcloud-go/hcloud"
	influx "github.com/influxdata/influxdb1-client/v2"
	"github.com/kolo/xmlrpc"
	machinebox "github.com/machinebox/graphql"
	"github.com/mholt/acmez/acme"
	"github.com/minio/minio-go/v7"
	miniocredentials "github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/mmcdole/gofeed"
	"github.com/ncw/swift"
	"github.com/ovh/go-ovh/ovh"
	"github.com/parnurzeal/gorequest"
	prometheus "github.com/prometheus/client_golang/api"
	prometheusv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/shurcooL/graphql"
	"github.com/slack-go/slack"
	"github.com/valyala/fasthttp"
	"github.com/vultr/govultr"
	"github.com/xanzy/go-gitlab"
	xacme "golang.org/x/crypto/acme"
	"golang.org/x/oauth2/clientcredentials"
	"google.golang.org/api/drive/v3"
	"google.golang.org/api/option"
	"gopkg.in/olivere/elastic.v5"
	"gopkg.in/telebot.v3"
	nhooyr "nhooyr.io/websocket"
)

type exhibit struct {
	client, version, speaks string
	// What the user sees: a text, or an error.
	call func(url string) (string, error)
}

var (
	exhibits []exhibit
	golang   = strings.TrimPrefix(runtime.Version(), "go")
	versions = debian()
)

func show(client, version, speaks string, call func(url string) (string, error)) {
	exhibits = append(exhibits, exhibit{client, version, speaks, call})
}

// debian reads the versions of installed packages, which Go's own tools do not know here.
func debian() map[string]string {
	found := map[string]string{}
	file, err := os.Open("/var/lib/dpkg/status")
	if err != nil {
		return found
	}
	defer file.Close()
	name := ""
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, is := cut(lines.Text(), "Package: "); is {
			name = value
		}
		if value, is := cut(lines.Text(), "Version: "); is {
			version := strings.Split(value, ":")
			found[name] = strings.FieldsFunc(version[len(version)-1], func(c rune) bool { return c == '-' || c == '+' || c == '~' })[0]
		}
	}
	return found
}

func cut(line, name string) (string, bool) {
	return strings.TrimPrefix(line, name), strings.HasPrefix(line, name)
}

func library(name string) string {
	return versions["golang-"+name+"-dev"]
}

func body(answer *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	return answer.Status + "; Body: " + string(read), err
}

func main() {
	plain()
	sdks()
	clouds()
	procedures()
	sockets()
	urls := strings.Split(os.Getenv("CLIENT_URLS"), " ")
	places := make(chan struct{}, 8)
	var printing sync.Mutex
	var all sync.WaitGroup
	for i := range exhibits {
		all.Add(1)
		go func(one exhibit, url string) {
			defer all.Done()
			places <- struct{}{}
			defer func() { <-places }()
			sees, err := one.call(url)
			if err != nil {
				sees = err.Error()
			}
			printing.Lock()
			defer printing.Unlock()
			fmt.Println(strings.Join([]string{"exhibit", url, one.client, one.version, one.speaks, strings.Join(strings.Fields(sees), " ")}, "\t"))
		}(exhibits[i], urls[i])
	}
	all.Wait()
}

func plain() {
	show("net/http (Go)", golang, "REST", func(url string) (string, error) {
		return body(http.Get(url + "/v1/orders"))
	})
	show("net/http (Go)", golang, "REST, POST of JSON", func(url string) (string, error) {
		return body(http.Post(url+"/v1/orders", "application/json", strings.NewReader(`{"id":7}`)))
	})
	show("go-retryablehttp", library("github-hashicorp-go-retryablehttp"), "REST", func(url string) (string, error) {
		client := retryablehttp.NewClient()
		client.RetryMax = 1
		client.Logger = nil
		return body(client.Get(url + "/v1/orders"))
	})
	show("resty", library("github-go-resty-resty"), "REST", func(url string) (string, error) {
		var problem struct{ Detail string }
		answer, err := resty.New().R().SetHeader("Accept", "application/json").SetError(&problem).Get(url + "/v1/orders")
		if err != nil {
			return "", err
		}
		return answer.Status() + "; Error().Detail: " + problem.Detail, nil
	})
	show("resty, no Accept", library("github-go-resty-resty"), "REST", func(url string) (string, error) {
		answer, err := resty.New().R().Get(url + "/v1/orders")
		if err != nil {
			return "", err
		}
		return answer.Status() + "; String(): " + answer.String(), nil
	})
	show("gorequest", library("github-parnurzeal-gorequest"), "REST", func(url string) (string, error) {
		answer, text, _ := gorequest.New().Get(url + "/v1/orders").End()
		return answer.Status + "; body: " + text, nil
	})
	show("sling", library("github-dghubble-sling"), "REST", func(url string) (string, error) {
		var order, problem struct{ Detail string }
		answer, err := sling.New().Base(url).Get("/v1/orders").Receive(&order, &problem)
		if err != nil {
			return "", err
		}
		return answer.Status + "; failure.Detail: " + problem.Detail, nil
	})
	show("fasthttp", library("github-valyala-fasthttp"), "REST", func(url string) (string, error) {
		status, read, err := fasthttp.Get(nil, url+"/v1/orders")
		return fmt.Sprintf("%d; body: %s", status, read), err
	})
	show("gofeed", library("github-mmcdole-gofeed"), "feeds", func(url string) (string, error) {
		_, err := gofeed.NewParser().ParseURL(url + "/feed.xml")
		return "taken for success", err
	})
	show("clientcredentials (Go)", library("golang-x-oauth2"), "OAuth", func(url string) (string, error) {
		config := clientcredentials.Config{ClientID: "orders", ClientSecret: "secret", TokenURL: url + "/token"}
		_, err := config.Token(context.Background())
		return "taken for success", err
	})
}

func sdks() {
	show("go-github", library("github-google-go-github"), "GitHub's API", func(url string) (string, error) {
		client, err := github.NewEnterpriseClient(url+"/", url+"/", nil)
		if err != nil {
			return "", err
		}
		_, _, err = client.Users.Get(context.Background(), "octocat")
		return "taken for success", err
	})
	show("go-gitlab", library("github-xanzy-go-gitlab"), "GitLab's API", func(url string) (string, error) {
		client, err := gitlab.NewClient("x", gitlab.WithBaseURL(url))
		if err != nil {
			return "", err
		}
		_, _, err = client.Projects.ListProjects(nil)
		return "taken for success", err
	})
	show("slack (Go)", library("github-slack-go-slack"), "Slack's API", func(url string) (string, error) {
		_, err := slack.New("x", slack.OptionAPIURL(url+"/api/")).AuthTest()
		return "taken for success", err
	})
	show("telebot", library("gopkg-telebot.v3"), "Telegram's API", func(url string) (string, error) {
		_, err := telebot.NewBot(telebot.Settings{URL: url, Token: "7:x"})
		return "taken for success", err
	})
	show("elastic (Go)", library("gopkg-olivere-elastic.v5"), "Elasticsearch", func(url string) (string, error) {
		client, err := elastic.NewSimpleClient(elastic.SetURL(url))
		if err != nil {
			return "", err
		}
		_, err = client.Search("orders").Do(context.Background())
		return "taken for success", err
	})
	show("influxdb1-client", library("github-influxdata-influxdb1-client"), "InfluxDB", func(url string) (string, error) {
		client, err := influx.NewHTTPClient(influx.HTTPConfig{Addr: url})
		if err != nil {
			return "", err
		}
		_, err = client.Query(influx.NewQuery("SHOW DATABASES", "orders", ""))
		return "taken for success", err
	})
	show("influxdb1-client", library("github-influxdata-influxdb1-client"), "InfluxDB, writing", func(url string) (string, error) {
		client, err := influx.NewHTTPClient(influx.HTTPConfig{Addr: url})
		if err != nil {
			return "", err
		}
		points, err := influx.NewBatchPoints(influx.BatchPointsConfig{Database: "orders"})
		if err != nil {
			return "", err
		}
		return "taken for success", client.Write(points)
	})
	show("Prometheus API (Go)", library("github-prometheus-client-golang"), "Prometheus", func(url string) (string, error) {
		client, err := prometheus.NewClient(prometheus.Config{Address: url})
		if err != nil {
			return "", err
		}
		_, _, err = prometheusv1.NewAPI(client).Query(context.Background(), "up", time.Now())
		var told *prometheusv1.Error
		if errors.As(err, &told) {
			return told.Msg + "; Detail: " + told.Detail, nil
		}
		return "taken for success", err
	})
	show("acmez", library("github-mholt-acmez"), "ACME", func(url string) (string, error) {
		_, err := (&acme.Client{Directory: url + "/directory"}).GetDirectory(context.Background())
		return "taken for success", err
	})
	show("acme (x/crypto)", library("golang-x-crypto"), "ACME", func(url string) (string, error) {
		// It tries for as long as it may.
		patience, end := context.WithTimeout(context.Background(), 5*time.Second)
		defer end()
		_, err := (&xacme.Client{DirectoryURL: url + "/directory"}).Discover(patience)
		return "taken for success", err
	})
}

func clouds() {
	at := func(url string) *session.Session {
		return session.Must(session.NewSession(&aws.Config{
			Endpoint: aws.String(url), Region: aws.String("eu-west-1"), S3ForcePathStyle: aws.Bool(true), MaxRetries: aws.Int(1),
			Credentials: credentials.NewStaticCredentials("AKIDEXAMPLE", "example", ""),
		}))
	}
	sdk := library("github-aws-aws-sdk-go")
	show("aws-sdk-go", sdk, "S3", func(url string) (string, error) {
		_, err := s3.New(at(url)).GetObject(&s3.GetObjectInput{Bucket: aws.String("orders"), Key: aws.String("7.pdf")})
		return "taken for success", err
	})
	show("aws-sdk-go", sdk, "SQS", func(url string) (string, error) {
		_, err := sqs.New(at(url)).ReceiveMessage(&sqs.ReceiveMessageInput{QueueUrl: aws.String(url + "/orders")})
		return "taken for success", err
	})
	show("aws-sdk-go", sdk, "DynamoDB", func(url string) (string, error) {
		_, err := dynamodb.New(at(url)).ListTables(&dynamodb.ListTablesInput{})
		return "taken for success", err
	})
	show("minio-go", library("github-minio-minio-go-v7"), "S3", func(url string) (string, error) {
		client, err := minio.New(strings.TrimPrefix(url, "http://"), &minio.Options{
			Creds: miniocredentials.NewStaticV4("AKIDEXAMPLE", "example", ""), Region: "eu-west-1"})
		if err != nil {
			return "", err
		}
		minio.MaxRetry = 2
		_, err = client.StatObject(context.Background(), "orders", "7.pdf", minio.StatObjectOptions{})
		return "taken for success", err
	})
	show("azure-storage-blob-go", library("github-azure-azure-storage-blob-go"), "Azure storage", func(address string) (string, error) {
		return azure(address)
	})
	show("drive (google-api-go)", library("google-api"), "Google's APIs", func(url string) (string, error) {
		service, err := drive.NewService(context.Background(), option.WithEndpoint(url), option.WithoutAuthentication())
		if err != nil {
			return "", err
		}
		_, err = service.Files.List().Do()
		return "taken for success", err
	})
	show("godo", library("github-digitalocean-godo"), "DigitalOcean's API", func(url string) (string, error) {
		client, err := godo.New(nil, godo.SetBaseURL(url))
		if err != nil {
			return "", err
		}
		_, _, err = client.Droplets.List(context.Background(), nil)
		return "taken for success", err
	})
	show("hcloud-go", library("github-hetznercloud-hcloud-go"), "Hetzner's API", func(url string) (string, error) {
		_, err := hcloud.NewClient(hcloud.WithEndpoint(url), hcloud.WithToken("x")).Server.All(context.Background())
		return "taken for success", err
	})
	show("govultr", library("github-vultr-govultr"), "Vultr's API", func(url string) (string, error) {
		client := govultr.NewClient(nil)
		client.SetRetryLimit(1)
		if err := client.SetBaseURL(url); err != nil {
			return "", err
		}
		_, err := client.Account.Get(context.Background())
		return "taken for success", err
	})
	show("go-ovh", library("github-ovh-go-ovh"), "OVH's API", func(url string) (string, error) {
		client, err := ovh.NewClient(url, "k", "s", "c")
		if err != nil {
			return "", err
		}
		var me struct{}
		return "taken for success", client.GetUnAuth("/me", &me)
	})
	show("gophercloud", library("github-gophercloud-gophercloud"), "OpenStack", func(url string) (string, error) {
		_, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{
			IdentityEndpoint: url + "/v3", Username: "jane", Password: "secret", DomainName: "default"})
		return "taken for success", err
	})
	show("swift (ncw)", library("github-ncw-swift"), "OpenStack Swift", func(url string) (string, error) {
		connection := swift.Connection{UserName: "jane", ApiKey: "secret", AuthUrl: url + "/v1.0", Retries: 1}
		return "taken for success", connection.Authenticate()
	})
}

func procedures() {
	show("xmlrpc (kolo)", library("github-kolo-xmlrpc"), "XML-RPC", func(url string) (string, error) {
		client, err := xmlrpc.NewClient(url+"/RPC2", nil)
		if err != nil {
			return "", err
		}
		var order string
		return "taken for success", client.Call("orders.get", 7, &order)
	})
	show("graphql (machinebox)", library("github-machinebox-graphql"), "GraphQL", func(url string) (string, error) {
		var orders struct{}
		client := machinebox.NewClient(url + "/graphql")
		return "taken for success", client.Run(context.Background(), machinebox.NewRequest("{ orders { total } }"), &orders)
	})
	show("graphql (shurcooL)", library("github-shurcool-graphql"), "GraphQL", func(url string) (string, error) {
		var query struct{ Orders struct{ Total graphql.Int } }
		return "taken for success", graphql.NewClient(url+"/graphql", nil).Query(context.Background(), &query, nil)
	})
}

func sockets() {
	show("gorilla/websocket", library("github-gorilla-websocket"), "WebSocket", func(url string) (string, error) {
		_, answer, err := gorilla.DefaultDialer.Dial("ws:"+strings.TrimPrefix(url, "http:")+"/updates", nil)
		if answer == nil {
			return "", err
		}
		read, _ := io.ReadAll(answer.Body)
		return fmt.Sprintf("%v, %s; Body: %s", err, answer.Status, read), nil
	})
	show("nhooyr.io/websocket", library("nhooyr-websocket"), "WebSocket", func(url string) (string, error) {
		_, _, err := nhooyr.Dial(context.Background(), url+"/updates", nil)
		return "connected", err
	})
	show("eventsource (Go)", library("github-donovanhide-eventsource"), "Server-Sent Events", func(url string) (string, error) {
		stream, err := eventsource.Subscribe(url+"/events", "")
		if err != nil {
			return "", err
		}
		// Its errors want to be read before it comes back; and to close it panics while an event is on its way.
		go func() {
			for range stream.Errors {
			}
		}()
		event := <-stream.Events
		<-stream.Events
		var told struct{ Detail string }
		if err := json.Unmarshal([]byte(event.Data()), &told); err != nil {
			return "", err
		}
		return event.Event() + " event: " + told.Detail + "; then another", nil
	})
}

func azure(address string) (string, error) {
	place, err := neturl.Parse(address + "/account/orders")
	if err != nil {
		return "", err
	}
	pipeline := azblob.NewPipeline(azblob.NewAnonymousCredential(), azblob.PipelineOptions{Retry: azblob.RetryOptions{MaxTries: 1}})
	_, err = azblob.NewContainerURL(*place, pipeline).ListBlobsFlatSegment(context.Background(), azblob.Marker{}, azblob.ListBlobsSegmentOptions{})
	var told azblob.StorageError
	if errors.As(err, &told) {
		// The rest is the request, with a number of its own.
		return string(told.ServiceCode()) + "; " + strings.Split(err.Error(), ", Details:")[0][strings.Index(err.Error(), "Description="):], nil
	}
	return "taken for success", err
}
