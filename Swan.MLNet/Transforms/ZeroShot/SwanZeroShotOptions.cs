using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;

namespace Swan.MLNet.Transforms;

/// <summary>Options of a zero-shot classification.</summary>
/// <remarks>They can be written as JSON and read back, and swept by AutoML.</remarks>
public sealed class SwanZeroShotOptions
{
    /// <summary>The place of the class in a template.</summary>
    internal const string Placeholder = "{0}";

    /// <summary>The classes, 2 to 10,000, in the words that a caption would use: <c>storage tanks</c>, not <c>storagetanks</c>.</summary>
    /// <remarks>
    /// Each needs a word that the model knows, and no two may be the same to it, such as classes that differ only in letter case. Each may
    /// have at most 65,536 bytes of UTF-8. Default: none, so they must be given.
    /// </remarks>
    public IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>Sentences with <c>{0}</c> in place of the class, once or more often, and no other braces.</summary>
    /// <remarks>
    /// The class must be within the tokens that the model takes. A class's embedding is the average over the templates. Default:
    /// <see cref="DefaultPromptTemplates"/>. Templates should resemble the model's training captions.
    /// </remarks>
    public IReadOnlyList<string> PromptTemplates { get; set; } = DefaultPromptTemplates;

    /// <summary>The divisor of cosines before the softmax, 0.0001 to 100 (default 0.05).</summary>
    /// <remarks>
    /// Lower values make the scores more confident; the predicted class stays the same. Models trained with InfoNCE give their temperature
    /// in their card; it also works well here.
    /// </remarks>
    [Range(0.005f, 0.5f, 0.05f, true)]
    public float Temperature { get; set; } = 0.05f;

    /// <summary>Cancels embedding the classes within about 50 ms (<see cref="OperationCanceledException"/>).</summary>
    /// <remarks>Default none. Not saved.</remarks>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Receives the number of classes embedded so far, from time to time (default null).</summary>
    /// <remarks>Not saved.</remarks>
    [JsonIgnore]
    public IProgress<int>? Progress { get; set; }

    /// <summary>The default of <see cref="PromptTemplates"/>.</summary>
    public static IReadOnlyList<string> DefaultPromptTemplates { get; } = ["{0}", "an aerial image of {0}", "there is {0} in the picture"];

    internal SwanZeroShotOptions Copy() => new()
    {
        Classes = [.. Classes ?? []],
        PromptTemplates = [.. PromptTemplates ?? []],
        Temperature = Temperature,
        CancellationToken = CancellationToken,
        Progress = Progress,
    };

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check() => ThrowIfAny(Faults());

    /// <summary>The same for options of a saved pipeline: earlier versions took other braces for text.</summary>
    internal void CheckSaved() => ThrowIfAny(Faults(saved: true));

    /// <summary>All that is wrong; empty where nothing is.</summary>
    internal List<string> Faults(bool saved = false) => ZeroShotFaults.Find(this, saved);

    private static void ThrowIfAny(List<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new ArgumentOutOfRangeException("options",
                $"The options of the zero-shot classification are not valid: {string.Join("; ", faults)}.");
        }
    }
}
