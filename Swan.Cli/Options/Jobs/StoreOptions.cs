using System.CommandLine;
using Swan.Cli.Outcomes;
using Swan.ObjectStores;

namespace Swan.Cli.Options;

/// <summary>How a batch job reaches its stores.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "Server of s3:// or az:// addresses, if not Amazon or Azure, such as https://minio.example:9000.",
        HelpName = "url",
    };

    private readonly Option<bool> _anonymous = new("--anonymous") { Description = "Send no credentials to stores. For public data." };

    /// <summary>What was given, as words for another command that has these options. There are no secrets in it: stores refuse an
    /// endpoint that has some.</summary>
    public IReadOnlyList<string> Given(ParseResult parsed) => GivenOptions.Of(parsed, _endpoint, _anonymous);

    public DocumentedCommand AddTo(DocumentedCommand command) => command.With("Stores", _endpoint, _anonymous);

    /// <summary>What is given.</summary>
    /// <exception cref="UsageException">The endpoint is no address.</exception>
    public ObjectStoreOptions Read(ParseResult parsed) => new()
    {
        Endpoint = parsed.GetValue(_endpoint) is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri
            : throw new UsageException($"--endpoint is '{text}'; expected an address such as https://minio.example:9000."),
        Anonymous = parsed.GetValue(_anonymous),
    };
}
