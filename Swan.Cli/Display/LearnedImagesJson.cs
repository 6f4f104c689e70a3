using System.Text.Json.Nodes;
using Swan.Training.Evaluation;

namespace Swan.Cli.Display;

/// <summary>How many images of a set a model has learned from, as JSON.</summary>
internal static class LearnedImagesJson
{
    /// <summary>The counts; null where the model doesn't say what it has learned from.</summary>
    public static JsonObject Create(LearnedImages learned) => new()
    {
        ["images"] = learned.Images,
        ["identical"] = learned.Learned?.Identical,
        ["lookAlike"] = learned.Learned?.LookAlike,
        ["isComplete"] = learned.IsComplete,
    };
}
