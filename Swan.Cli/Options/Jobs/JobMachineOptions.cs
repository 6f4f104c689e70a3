using System.CommandLine;
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
        Description = "Images per batch, 1 to 4096. On a GPU, a batch is one encoder run.", HelpName = "n",
        DefaultValueFactory = _ => 32,
    }.Within(1, 4096);

    private readonly Option<int> _reads = new NumberOption<int>("--reads")
    {
        Description = "Concurrent reads, 1 to 256; 0 chooses. More reads hide the latency of remote stores.",
        HelpName = "n", DefaultValueFactory = _ => 0,
    }.Within(0, 256);

    private readonly Option<SwanDevice> _device = SharedOptions.Device();

    private readonly StoreOptions _stores = new();

    public DocumentedCommand AddTo(DocumentedCommand command) =>
        _stores.AddTo(command.With("Machine", _threads, _batch, _reads, _device));

    /// <summary>Sets what is given.</summary>
    public void Read(ParseResult parsed, BatchJobOptions options)
    {
        options.Threads = parsed.GetValue(_threads);
        options.BatchSize = parsed.GetValue(_batch);
        options.MaxReads = parsed.GetValue(_reads);
        options.Device = parsed.GetRequiredValue(_device);
    }

    /// <summary>What was given, as words for <c>swan job run</c>.</summary>
    public IReadOnlyList<string> Given(ParseResult parsed) => GivenOptions.Of(parsed, _threads, _batch, _reads, _device);

    /// <summary>What was given of stores, as words for every command of jobs.</summary>
    public IReadOnlyList<string> GivenStores(ParseResult parsed) => _stores.Given(parsed);

    /// <summary>How stores are reached.</summary>
    /// <exception cref="UsageException">The endpoint is no address.</exception>
    public ObjectStoreOptions ReadStores(ParseResult parsed) => _stores.Read(parsed);
}
