// Clients of .NET on Mono, and what each shows its user: see tests/support/museum_program.py.

using System;
using System.Collections.Generic;
using System.Data.Services.Client;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.WebSockets;
using System.Reflection;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Syndication;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using System.Web.Services;
using System.Web.Services.Protocols;
using System.Xml;
using System.Xml.Linq;

public static class Clients {
  sealed class Exhibit {
    public string Client;
    public string Speaks;
    public Func<string, string> Call;
  }

  static readonly List<Exhibit> Exhibits = new List<Exhibit>();

  // What the call throws is seen too.
  static void Show(string client, string speaks, Func<string, string> call) {
    Exhibits.Add(new Exhibit { Client = client, Speaks = speaks, Call = call });
  }

  static string Version() {
    var name = Type.GetType("Mono.Runtime").GetMethod("GetDisplayName", BindingFlags.NonPublic | BindingFlags.Static);
    return ((string) name.Invoke(null, null)).Split(' ')[0];
  }

  static string Thrown(Exception error) {
    return error.GetType().FullName + ": " + error.Message;
  }

  static string Text(WebResponse answer) {
    using (var reader = new StreamReader(answer.GetResponseStream())) return reader.ReadToEnd();
  }

  public static void Main() {
    ServicePointManager.DefaultConnectionLimit = 100;
    Plain();
    Soap();
    Documents();
    var urls = Environment.GetEnvironmentVariable("CLIENT_URLS").Split(' ');
    Parallel.For(0, Exhibits.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => {
      var one = Exhibits[i];
      string seen;
      try {
        seen = one.Call(urls[i]);
      } catch (Exception error) {
        seen = Thrown(error is AggregateException ? error.InnerException : error);
      }
      seen = Regex.Replace(seen, "\\s+", " ");
      lock (Exhibits) {
        Console.WriteLine(string.Join("\t", "exhibit", urls[i], one.Client, Version(), one.Speaks, seen));
      }
    });
    Environment.Exit(0);
  }

  static void Plain() {
    Show("HttpWebRequest (Mono)", "REST", url => {
      try {
        return Text(WebRequest.Create(url + "/v1/orders").GetResponse());
      } catch (WebException error) {
        return error.Message + "; Response: " + Text(error.Response);
      }
    });
    Show("WebClient (Mono)", "REST", url => new WebClient().DownloadString(url + "/v1/orders"));
    Show("WebClient (Mono)", "REST, POST of JSON", url => {
      var client = new WebClient();
      client.Headers[HttpRequestHeader.ContentType] = "application/json";
      try {
        return client.UploadString(url + "/v1/orders", "{\"id\":7}");
      } catch (WebException error) {
        return error.Message + "; Response: " + Text(error.Response);
      }
    });
    Show("HttpClient (Mono)", "REST", url => {
      var answer = new HttpClient().GetAsync(url + "/v1/orders").Result;
      return (int) answer.StatusCode + " " + answer.ReasonPhrase + "; Content: " + answer.Content.ReadAsStringAsync().Result;
    });
    Show("HttpClient, GetStringAsync (Mono)", "REST", url => new HttpClient().GetStringAsync(url + "/v1/orders").Result);
    Show("HttpClient, EnsureSuccessStatusCode (Mono)", "REST", url => {
      var answer = new HttpClient().GetAsync(url + "/v1/orders").Result;
      answer.EnsureSuccessStatusCode();
      return "taken for success";
    });
    Show("HttpClient, ReadAsAsync (Mono)", "REST", url => {
      var answer = new HttpClient().GetAsync(url + "/v1/orders").Result;
      var read = answer.Content.ReadAsAsync<Dictionary<string, object>>().Result;
      return (int) answer.StatusCode + "; detail: " + read["detail"];
    });
    Show("ClientWebSocket (Mono)", "WebSocket", url => {
      new ClientWebSocket().ConnectAsync(new Uri(url.Replace("http:", "ws:") + "/updates"), CancellationToken.None).Wait();
      return "connected";
    });
    Show("DataServiceContext (Mono)", "OData", url => {
      try {
        return new DataServiceContext(new Uri(url + "/odata")).Execute<Order>(new Uri("Orders", UriKind.Relative)).Count() + " orders";
      } catch (DataServiceQueryException error) {
        return error.Message + " " + error.InnerException.Message;
      }
    });
  }

  static void Soap() {
    foreach (var version in new[] { EnvelopeVersion.Soap11, EnvelopeVersion.Soap12 }) {
      var speaks = version == EnvelopeVersion.Soap11 ? "SOAP 1.1" : "SOAP 1.2";
      Show("WCF (Mono)", speaks, url => {
        var binding = new CustomBinding(
            new TextMessageEncodingBindingElement(MessageVersion.CreateVersion(version, AddressingVersion.None), Encoding.UTF8),
            new HttpTransportBindingElement());
        return Invoke(binding, url);
      });
    }
    Show("WCF, BasicHttpBinding (Mono)", "SOAP 1.1", url => Invoke(new BasicHttpBinding(), url));
    foreach (var version in new[] { SoapProtocolVersion.Soap11, SoapProtocolVersion.Soap12 }) {
      Show("SoapHttpClientProtocol (Mono)", version == SoapProtocolVersion.Soap12 ? "SOAP 1.2" : "SOAP 1.1", url => {
        try {
          return new OrderService { Url = url + "/soap", SoapVersion = version }.GetOrder("7");
        } catch (SoapException fault) {
          return "SoapException " + fault.Code.Name + ": " + fault.Message;
        }
      });
    }
  }

  static string Invoke(System.ServiceModel.Channels.Binding binding, string url) {
    try {
      return new ChannelFactory<IOrders>(binding, new EndpointAddress(url + "/soap")).CreateChannel().GetOrder("7");
    } catch (FaultException<ServiceUnavailable> fault) {
      return "FaultException: " + fault.Message + "; ServiceUnavailable, code " + fault.Detail.Code + ": " + fault.Detail.Message;
    } catch (FaultException fault) {
      return "FaultException " + fault.Code.Name + ": " + fault.Message;
    }
  }

  static void Documents() {
    Show("XmlDocument (Mono)", "XML documents", url => {
      var document = new XmlDocument();
      document.Load(url + "/orders.xml");
      return document.Name;
    });
    Show("XDocument (Mono)", "XML documents", url => XDocument.Load(url + "/orders.xml").ToString());
    Show("SyndicationFeed (Mono)", "feeds", url => SyndicationFeed.Load(XmlReader.Create(url + "/feed.xml")).Title.Text);
  }
}

[System.ServiceModel.ServiceContract(Namespace = "urn:example:orders")]
public interface IOrders {
  [OperationContract(Action = "urn:example:orders/GetOrder", ReplyAction = "*")]
  [FaultContract(typeof(ServiceUnavailable), Name = "ServiceUnavailable", Namespace = "urn:example:orders:types")]
  string GetOrder(string id);
}

// As the WSDL declares it. Mono's WCF shows no fault whose detail it does not know.
[DataContract(Namespace = "urn:example:orders:types")]
public class ServiceUnavailable {
  [DataMember(Name = "code", Order = 0)] public string Code;
  [DataMember(Name = "message", Order = 1)] public string Message;
}

// As wsdl.exe writes the stub of a service.
[WebServiceBinding(Name = "Orders", Namespace = "urn:example:orders")]
public class OrderService : SoapHttpClientProtocol {
  [SoapDocumentMethod("urn:example:orders/GetOrder", RequestNamespace = "urn:example:orders:types",
                      ResponseNamespace = "urn:example:orders:types")]
  public string GetOrder(string id) {
    return (string) Invoke("GetOrder", new object[] { id })[0];
  }
}

[System.Data.Services.Common.DataServiceKey("Id")]
public class Order {
  public int Id { get; set; }
}
