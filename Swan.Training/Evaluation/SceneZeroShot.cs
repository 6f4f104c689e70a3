using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.Training.Evaluation;

/// <summary>How many images the zero-shot step puts into their own scene, with its default prompts.</summary>
/// <param name="Images">Images that have a scene.</param>
/// <param name="Accuracy">The share of right ones, in [0, 1].</param>
/// <param name="MeanOverScenes">The mean of the scenes' own shares, in [0, 1].</param>
internal sealed record SceneZeroShot(int Images, double Accuracy, double MeanOverScenes)
{
    /// <summary>Whether these can be classes: at least two, and such as the zero-shot step tells apart.</summary>
    public static bool Tells(IReadOnlyList<string> names) => new SwanZeroShotOptions { Classes = names }.Faults().Count == 0;

    /// <summary>Classifies a set's images.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="embedded">The images.</param>
    /// <param name="model">Embeds the classes.</param>
    /// <param name="scenes">The classes; every scene of the set is one.</param>
    /// <param name="names">The words for them, in the same order.</param>
    public static SceneZeroShot Measure(
        MLContext ml, EmbeddedSet embedded, SwanModel model, IReadOnlyList<string> scenes, IReadOnlyList<string> names)
    {
        IDataView classified = ml.Transforms.SwanZeroShot("Label", "Scores", EmbeddedSet.Embedding, model, new() { Classes = names })
            .Fit(embedded.Images).Transform(embedded.Images);
        uint[] labels = [.. classified.GetColumn<uint>("Label")]; // keys count from 1
        var rights = embedded.Set.Scenes
            .Select((scene, image) => (Scene: scene, Right: labels[image] > 0 && scenes[(int)labels[image] - 1] == scene))
            .Where(i => i.Scene is not null)
            .ToArray();
        return new(rights.Length, Share(rights), rights.GroupBy(r => r.Scene).Average(Share));

        static double Share(IEnumerable<(string? Scene, bool Right)> images) => images.Average(i => i.Right ? 1.0 : 0);
    }
}
