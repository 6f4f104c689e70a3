using System.CommandLine;
using System.CommandLine.Parsing;
using Swan.Batch;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.ObjectStores;

namespace Swan.Cli.Options;

/// <summary>How a batch job uses the machine and reaches its stores.</summary>
internal sealed class JobMachineOptions
{
    private readonly Option<int> _threads = new NumberOption<int>("--threads")
    {
        Description = "Threads of the encoder. 0 means one per core.", HelpName = "n", DefaultValueFactory = _ => 0,
    }.Within(0, 1024);

    private readonly Option<int> _batch = new NumberOption<int>("--batch")
    {
        Description = "Images prepared together, 1 to 4096. On a GPU they are one encoder run.", HelpName = "n",
        DefaultValueFactory = _ => 32,
    }.Within(1, 4096);

    private readonly Option<int> _reads = new NumberOption<int>("--reads")
    {
        Description = "Images read at a time, 1 to 256, or 0 for what suits. More hides the wait for a store that is far away.",
        HelpName = "n", DefaultValueFactory = _ => 0,
    }.Within(0, 256);

    private readonly Option<SwanDevice> _device = SharedOptions.Device();

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "Server of s3:// or az:// addresses that is not Amazon's or Azure's own, such as https://minio.example:9000.",
        HelpName = "url",
    };

    private readonly Option<bool> _anonymous = new("--anonymous") { Description = "Send no credentials to stores, as for public data." };

    public DocumentedCommand AddTo(DocumentedCommand command) => command
        .With("Machine", _threads, _batch, _reads, _device)
        .With("Stores", _endpoint, _anonymous);

    /// <summary>Sets what is given.</summary>
    public void Read(ParseResult parsed, BatchJobOptions options)
    {
        options.Threads = parsed.GetValue(_threads);
        options.BatchSize = parsed.GetValue(_batch);
        options.MaxReads = parsed.GetValue(_reads);
        options.Device = parsed.GetRequiredValue(_device);
    }

    /// <summary>What was given, as words for another command that has these options. There are no secrets in it: stores refuse an
    /// endpoint that has some.</summary>
    public IEnumerable<string> Given(ParseResult parsed)
    {
        foreach (Option option in (Option[])[_endpoint, _anonymous, _threads, _batch, _reads, _device])
        {
            if (parsed.GetResult(option) is not { Implicit: false } given) continue;
            yield return option.Name;
            foreach (Token value in given.Tokens) yield return value.Value;
        }
    }

    /// <summary>How stores are reached.</summary>
    /// <exception cref="UsageException">The endpoint is no address.</exception>
    public ObjectStoreOptions ReadStores(ParseResult parsed) => new()
    {
        Endpoint = parsed.GetValue(_endpoint) is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri
            : throw new UsageException($"--endpoint is '{text}'; expected an address such as https://minio.example:9000."),
        Anonymous = parsed.GetValue(_anonymous),
    };
}
