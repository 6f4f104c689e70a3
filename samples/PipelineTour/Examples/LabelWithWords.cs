using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Transforms;

namespace PipelineTour.Examples;

/// <summary>
/// Zero-shot: classes are words, and nothing is learned. <c>MapKeyToValue</c> turns the predicted key into the class's words.
/// </summary>
internal static class LabelWithWords
{
    public static Task Run(ExampleContext context)
    {
        string[] scenes = [.. context.Images.Select(image => image.Scene ?? image.Captions[0]).Distinct(StringComparer.OrdinalIgnoreCase)];
        string[] classes = scenes.Length > 1 ? scenes : [scenes[0], "something else"];
        var options = new SwanZeroShotOptions { Classes = classes, PromptTemplates = ["{0}", "an aerial image of {0}"] };
        var pipeline = context.ML.Transforms.SwanZeroShot("PredictedLabel", "Scores", "Embedding", context.Model, options)
            .Append(context.ML.Transforms.Conversion.MapKeyToValue("Words", "PredictedLabel"));
        IDataView labeled = pipeline.Fit(context.Embedded).Transform(context.Embedded);

        string[] words = [.. labeled.GetColumn<string>("Words")];
        foreach ((string label, float[] scores, int i) in words.Zip(labeled.GetColumn<float[]>("Scores"), Enumerable.Range(0, 3)))
            context.Print($"{context.Images[i].FileName,-20} {label,-20} {scores.Max():P0}");
        if (context.Images.All(image => image.Scene is not null))
        {
            context.Print(
                $"right for {words.Zip(context.Images).Count(p => p.First == p.Second.Scene)} of {words.Length} images, "
                + $"{classes.Length} classes");
        }
        return Task.CompletedTask;
    }
}

// It printed:
//  airport_56.jpg       airport              62 %
//  port_56.jpg          beach                71 %
//  bridge_56.jpg        parking lot          33 %
//  right for 84 of 120 images, 12 classes
