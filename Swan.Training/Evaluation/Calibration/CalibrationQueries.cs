using Swan.MLNet.Calibration;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.Training.Evaluation;

/// <summary>Queries with known right scenes, and what they are asked of.</summary>
internal sealed class CalibrationQueries
{
    // Galleries of these sizes, drawn so often, and all images at once.
    private static readonly (int Images, int Draws)[] s_parts = [(100, 3), (300, 3), (int.MaxValue, 1)];
    private const int Batch = 64;

    private readonly IReadOnlyList<IReadOnlySet<string>> _scenes;
    private readonly float[] _embeddings;
    private readonly int _dimension;

    /// <summary>Embeds the queries.</summary>
    /// <param name="name">What tables call them.</param>
    /// <param name="texts">The queries.</param>
    /// <param name="scenes">
    /// Of each the <see cref="SceneKey"/>s whose images are right; the first decides to which half it belongs. Empty: none is.
    /// </param>
    /// <param name="model">Embeds them.</param>
    /// <param name="cancellation">Ends the work.</param>
    public CalibrationQueries(
        string name, IReadOnlyList<string> texts, IReadOnlyList<IReadOnlySet<string>> scenes, SwanModel model,
        CancellationToken cancellation)
    {
        (Name, Texts, _scenes, _dimension) = (name, texts, scenes, model.EmbeddingSize);
        // Data sets also have captions without a word, such as a full stop alone.
        _embeddings = model.EmbedCaptions([.. texts.Select(model.Tokenizer.Tokenize)], Batch, null, cancellation);
    }

    public string Name { get; }

    public IReadOnlyList<string> Texts { get; }

    /// <summary>Asks every query, with right images and without.</summary>
    /// <param name="gallery">The images.</param>
    /// <param name="bank">The bank.</param>
    /// <param name="bankScenes">Each bank image's scene.</param>
    /// <param name="seed">Of the galleries.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public IReadOnlyList<CalibrationCase> Ask(
        CalibrationGallery gallery, ImageBank bank, IReadOnlyList<string?> bankScenes, int seed, CancellationToken cancellation)
    {
        // A larger part than there are images would be all of them again.
        int[][] parts = [.. s_parts.Where(p => p.Images == int.MaxValue || p.Images < gallery.Scenes.Count)
            .SelectMany(p => Enumerable.Range(0, p.Draws).Select(draw => gallery.Draw(p.Images, seed, draw)))];
        var cases = new List<CalibrationCase>[Texts.Count];
        ParallelWork.Run(() => Parallel.For(
            0, cases.Length, new ParallelOptions { CancellationToken = cancellation }, q => cases[q] = [.. Of(q)]));
        return [.. cases.SelectMany(c => c)];

        IEnumerable<CalibrationCase> Of(int q)
        {
            float[] query = _embeddings.AsSpan(q * _dimension, _dimension).ToArray();
            float[] scores = gallery.Cosines(query);
            IReadOnlySet<string> right = _scenes[q];
            foreach (bool lacks in (bool[])[false, true])
            {
                if (lacks && !bankScenes.Any(s => s is not null && !right.Contains(s))) continue;
                QueryLevels levels = QueryLevels.Measure(
                    bank, query, lacks ? row => bankScenes[row] is { } scene && right.Contains(scene) : null);
                float[] likeness = gallery.Cosines(levels.Likeness);
                // Of each size one, where the bank lacks the scene.
                foreach (int[] part in lacks ? parts.DistinctBy(p => p.Length) : parts)
                {
                    foreach (bool without in (bool[])[false, true])
                    {
                        if (gallery.Ask(part, right, without, levels, scores, likeness, lacks) is { } asked) yield return asked;
                    }
                }
            }
        }
    }

    /// <summary>Asks about all images at once, where nothing is right.</summary>
    public IReadOnlyList<(QueryLevels Levels, double[] Features)> AskInVain(CalibrationGallery gallery, ImageBank bank)
    {
        int[] all = gallery.Draw(int.MaxValue, 0, 0);
        return [.. Enumerable.Range(0, Texts.Count).Select(q =>
        {
            ReadOnlySpan<float> query = _embeddings.AsSpan(q * _dimension, _dimension);
            QueryLevels levels = QueryLevels.Measure(bank, query);
            CalibrationCase asked = gallery.Ask(
                all, s_none, without: true, levels, gallery.Cosines(query), gallery.Cosines(levels.Likeness), bankLacks: false)!;
            return (levels, asked.Features);
        })];
    }

    // No scene's name.
    private static readonly HashSet<string> s_none = [""];
}
