using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>
/// The options that a run shares with the model that it starts from: the network's shape, and the length of captions.
/// </summary>
internal static class InitialShape
{
    private static readonly SwanNetworkOptions Unsaid = new();
    private static readonly int UnsaidWords = new SwanTrainerOptions().MaxWords;

    // Options that may differ in a network of the same shape: how it learns, not what it is.
    private static readonly string[] Free =
    [
        SwanTrainerOptionsJson.NameOf(nameof(SwanNetworkOptions.DropoutScale)),
        SwanTrainerOptionsJson.NameOf(nameof(SwanNetworkOptions.ResidualGate)),
        SwanTrainerOptionsJson.NameOf(nameof(SwanNetworkOptions.ComputeDeadBranches)),
        // The run's own vocabulary decides.
        SwanTrainerOptionsJson.NameOf(nameof(SwanNetworkOptions.VocabularyRows)),
    ];

    /// <summary>Whether options leave the shape to the model that they start from.</summary>
    public static bool IsLeftTo(SwanTrainerOptions options) => options.Init is not null && options.Network == Unsaid;

    /// <summary>The options with the model's shape where they say nothing of it.</summary>
    /// <exception cref="SwanMismatchException">They say something else; every difference is named.</exception>
    public static SwanTrainerOptions Of(SwanTrainerOptions options, InitialModel model)
    {
        (SwanNetworkOptions theirs, int words) = (model.Network, model.Tokenizer.MaxLength);
        List<string> faults = [];
        SwanNetworkOptions network = options.Network;
        if (network == Unsaid) network = theirs;
        else
        {
            (JsonObject asked, JsonObject has) = (Node(network), Node(theirs));
            faults.AddRange(asked.Where(o => !Free.Contains(o.Key) && !JsonNode.DeepEquals(o.Value, has[o.Key]))
                .Select(o => $"{SwanTrainerOptionsJson.NameOf(nameof(options.Network))}.{o.Key} is {o.Value}, but the model's is "
                    + $"{has[o.Key]}"));
        }
        if (options.MaxWords != UnsaidWords && options.MaxWords != words)
            faults.Add($"{SwanTrainerOptionsJson.NameOf(nameof(options.MaxWords))} is {options.MaxWords}, but the model's is {words}");
        if (faults.Count > 0)
        {
            throw new SwanMismatchException(
                $"The options describe another network than {model.Name}, from which the run starts: {string.Join("; ", faults)}. "
                + "Its weights don't fit another network. Leave these options out to use the model's, or start from another model.");
        }
        return options with { Network = network, MaxWords = words };
    }

    /// <summary>The network of a run with these options: the model's where it is left to one that is there.</summary>
    /// <exception cref="SwanFormatException">The model is none, or a file of it is damaged.</exception>
    public static SwanNetworkOptions NetworkOf(SwanTrainerOptions options) => IsLeftTo(options)
        && options.Init is { } init && File.Exists(InitialModel.WeightsOf(init)) ? InitialModel.Open(init).Network : options.Network;

    /// <summary>Default options, but with a model's shape: what is laid on top of them names only what differs.</summary>
    /// <param name="init">The model's path; one that is not there changes nothing, and is named when the run starts.</param>
    /// <exception cref="SwanFormatException">It is no model, or a file of it is damaged.</exception>
    public static SwanTrainerOptions Beneath(string init)
    {
        var options = new SwanTrainerOptions { Init = init };
        return File.Exists(InitialModel.WeightsOf(init)) ? Of(options, InitialModel.Open(init)) : options;
    }

    /// <summary>The options with the shape that a run began with, where they leave it to its model, which may be gone by now.</summary>
    public static SwanTrainerOptions Resumed(SwanTrainerOptions options, SwanTrainerOptions begun) =>
        IsLeftTo(options) ? options with { Network = begun.Network, MaxWords = begun.MaxWords } : options;

    private static JsonObject Node(SwanNetworkOptions network) =>
        JsonSerializer.SerializeToNode(network, SwanTrainerOptionsJson.Format)!.AsObject();
}
