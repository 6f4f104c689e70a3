using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;

namespace Swan.Training.Evaluation;

/// <summary>How many images the zero-shot step puts into their own scene, with its default prompts.</summary>
/// <param name="Images">Images that have a scene.</param>
/// <param name="Accuracy">The share of right ones, in [0, 1].</param>
/// <param name="MeanOverScenes">The mean of the scenes' own shares, in [0, 1].</param>
internal sealed record SceneZeroShot(int Images, double Accuracy, double MeanOverScenes)
{
    /// <summary>Classifies a set's images.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="embedded">The images.</param>
    /// <param name="model">Embeds the classes.</param>
    /// <param name="scenes">The classes; every scene of the set is one.</param>
    /// <param name="names">The words for them, in the same order.</param>
    /// <param name="say">Gets the reason why the words can't be classes of this model; nothing where there are no scenes.</param>
    /// <returns>Null where the words can't be classes: fewer than two, unknown to the model, or not told apart by it.</returns>
    public static SceneZeroShot? Measure(
        MLContext ml, EmbeddedSet embedded, SwanModel model, IReadOnlyList<string> scenes, IReadOnlyList<string> names,
        Action<string> say)
    {
        if (scenes.Count == 0) return null;
        var options = new SwanZeroShotOptions { Classes = names };
        if (options.Faults() is { Count: > 0 } faults)
        {
            say($"The scene names can't be used as classes: {string.Join("; ", faults)}.");
            return null;
        }
        SwanZeroShotEstimator step;
        try
        {
            step = ml.Transforms.SwanZeroShot("Label", "Scores", EmbeddedSet.Embedding, model, options);
        }
        catch (SwanTextException e)
        {
            say($"The scene names can't be used as classes. {e.Message}");
            return null;
        }
        IDataView classified = step.Fit(embedded.Images).Transform(embedded.Images);
        uint[] labels = [.. classified.GetColumn<uint>("Label")]; // keys count from 1
        var rights = embedded.Set.Scenes
            .Select((scene, image) => (Scene: scene, Right: labels[image] > 0 && scenes[(int)labels[image] - 1] == scene))
            .Where(i => i.Scene is not null)
            .ToArray();
        return new(rights.Length, Share(rights), rights.GroupBy(r => r.Scene).Average(Share));

        static double Share(IEnumerable<(string? Scene, bool Right)> images) => images.Average(i => i.Right ? 1.0 : 0);
    }
}
