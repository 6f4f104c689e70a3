using Swan.Geo.Places;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>An index of scenes to search for places; <see cref="SwanSceneIndexer"/> creates and updates it.</summary>
/// <remarks>
/// It follows updates of other processes: a scene is found once it is complete. Safe for concurrent use; dispose it after the last
/// search.
/// </remarks>
public sealed class SwanSceneIndex : IDisposable
{
    // Windows that overlap the best ones are thrown away, so more are looked at than are wanted.
    private const int LeastHits = 200, HitsAPlace = 20, Growth = 4;

    private readonly SwanLiveIndex _rows;
    private readonly LiveScenes _scenes;

    private SwanSceneIndex(SceneIndexFolder folder)
    {
        Folder = folder.Path;
        _scenes = new LiveScenes(folder);
        _ = _scenes.Current;
        _rows = SwanLiveIndex.Open(folder.Rows);
    }

    /// <summary>The folder of the index.</summary>
    public string Folder { get; }

    /// <summary>Scenes that can be found.</summary>
    public int SceneCount => _scenes.Current.Count;

    /// <summary>Windows that can be found.</summary>
    public long WindowCount => _scenes.Current.Scenes.Sum(s => s.Windows);

    /// <summary>The model that it was made with; null: unknown.</summary>
    public ModelIdentity? Model => _rows.Model;

    /// <summary>The windows, for other searches; keys are <c>scene@hash#column,row,width,height</c>.</summary>
    /// <remarks>While a scene is indexed again, its old and new rows are both present.</remarks>
    public SwanGallery Rows => _rows;

    /// <summary>The same, to take a state of it.</summary>
    internal SwanLiveIndex LiveRows => _rows;

    /// <summary>How query images are read, so they can be compared: with the bands and the range of the scenes.</summary>
    public ImageDecodingOptions Decoding => _scenes.Current.Decoding(null);

    /// <summary>What is known of each scene.</summary>
    internal LiveScenes Scenes => _scenes;

    /// <summary>Lists the scenes that can be found, by name.</summary>
    /// <returns>The same list until something is indexed.</returns>
    public IReadOnlyList<SwanIndexedScene> ListScenes() => _scenes.Current.Indexed;

    /// <summary>Opens a scene to view it.</summary>
    /// <param name="name">The scene's <see cref="SwanIndexedScene.Name"/>.</param>
    /// <param name="cancellationToken">Ends opening.</param>
    /// <returns>The caller disposes it. Null if the index has no such scene, or its file is gone or has changed.</returns>
    /// <exception cref="SwanImageException">The file is damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public SwanSceneReader? OpenScene(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        LiveScenes.State scenes = _scenes.Current;
        return scenes.Scenes.FirstOrDefault(s => s.Name == name) is { } scene
            ? SwanSceneReader.Open(scenes, scene, cancellationToken) : null;
    }

    /// <summary>Finds the scene and the window of a key, such as <see cref="Place.Key"/>.</summary>
    /// <param name="key">The key of a row.</param>
    /// <returns>The scene, and the window's first column and row, width and height in its pixels; null where the index has no such
    /// window.</returns>
    public (SwanIndexedScene Scene, int Column, int Row, int Width, int Height)? FindWindow(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        LiveScenes.State scenes = _scenes.Current;
        return _rows.Contains(key) && scenes.Find(key) is var (scene, _, window)
            ? (scenes.Indexed.First(s => s.Name == scene.Name), window.Column, window.Row, window.Width, window.Height) : null;
    }

    /// <summary>Opens an index.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="FileNotFoundException">There is no index of scenes.</exception>
    /// <exception cref="SwanFormatException">It is damaged.</exception>
    public static SwanSceneIndex Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new(new SceneIndexFolder(folder));
    }

    /// <summary>Finds places that fit a text.</summary>
    /// <param name="model">The index's model.</param>
    /// <param name="caption">Such as <c>a bridge over a river</c>.</param>
    /// <param name="options">How many, where, how likely. Null: the ten best.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SwanMismatchException">The index is of another model.</exception>
    /// <exception cref="SwanOptionsException">The options are not valid, or ask for probabilities of a model without a
    /// calibration.</exception>
    /// <exception cref="MLNet.Text.SwanTextException">The model knows no word of the text.</exception>
    public SwanPlaces Search(
        SwanModel model, string caption, SwanPlaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(caption);
        // Before a text is encoded that can't be compared with anything.
        _rows.RequireModel(model);
        return Search(model, caption, model.EmbedCaption(caption), options, cancellationToken);
    }

    /// <summary>Finds places that fit a text, given its embedding.</summary>
    /// <param name="model">The index's model.</param>
    /// <param name="caption">The text.</param>
    /// <param name="embedding">The text's embedding from <see cref="SwanModel.EmbedCaption"/> of this model.</param>
    /// <param name="options">How many, where, how likely. Null: the ten best.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SwanMismatchException">The index is of another model.</exception>
    /// <exception cref="SwanOptionsException">The options are not valid, or ask for probabilities of a model without a
    /// calibration.</exception>
    /// <exception cref="ArgumentException">The embedding is not of the index's length.</exception>
    public SwanPlaces Search(SwanModel model, string caption, ReadOnlyMemory<float> embedding, SwanPlaceOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        SwanPlaceOptions asked = Checked(options);
        if (asked.MinProbability is not null && model.Calibration is null)
        {
            throw new SwanOptionsException($"A minimum probability of {asked.MinProbability} is given, but the model "
                + $"'{model.Card.Name}' has no calibration, so it gives none. Leave it out, or calibrate the model (swan calibrate).");
        }
        SwanAnswer? last = null;
        IReadOnlyList<Place> places = Find(caption, asked, hits =>
        {
            last = _rows.AnswerCaption(model, caption, embedding, hits, cancellationToken);
            // Calibrations are fitted on whole images: nobody is told their probabilities of windows without asking for them.
            return asked.MinProbability is not { } least ? [.. last.Hits.Select(h => h with { Probability = null })]
                : [.. last.Hits.TakeWhile(h => !(h.Probability < least))];
        }, cancellationToken);
        return new SwanPlaces
        {
            Places = places, ProbabilityOfAny = asked.MinProbability is null ? null : last!.ProbabilityOfAny, Text = last!.Text,
        };
    }

    /// <summary>Finds places that look like an image, without probabilities.</summary>
    /// <param name="model">The index's model, which reads image files as in <see cref="Decoding"/>.</param>
    /// <param name="imagePath">An image file, such as a clip of a scene.</param>
    /// <param name="options">How many, where. Null: the ten best.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SwanMismatchException">The index is of another model, or of other bands or another range.</exception>
    /// <exception cref="SwanOptionsException">The options are not valid, or ask for probabilities.</exception>
    /// <exception cref="SwanImageException">The file can't be read as an image.</exception>
    public SwanPlaces SearchImage(
        SwanModel model, string imagePath, SwanPlaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        SwanPlaceOptions asked = WithoutProbability(options);
        return new SwanPlaces
        {
            Places = Find($"like {Path.GetFileName(imagePath)}", asked,
                hits => Unjudged(_rows.SearchImage(model, imagePath, hits, cancellationToken)), cancellationToken),
        };
    }

    /// <summary>
    /// Finds places for a query of several parts; scores are sums in standard deviations, without probabilities.
    /// </summary>
    /// <param name="model">The index's model; required for texts and images of the query.</param>
    /// <param name="query">Such as <c>new SwanQuery().Image("clip.png")</c>.</param>
    /// <param name="options">How many, where. Null: the ten best.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SwanMismatchException">The index is of another model.</exception>
    /// <exception cref="SwanOptionsException">The options are not valid, or ask for probabilities.</exception>
    public SwanPlaces Search(
        SwanModel? model, SwanQuery query, SwanPlaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        SwanPlaceOptions asked = WithoutProbability(options);
        return new SwanPlaces
        {
            Places = Find(query.ToString(), asked, hits =>
                Unjudged(_rows.Search(query, model, hits, cancellationToken)), cancellationToken),
        };
    }

    /// <summary>Finds places that look like one of the index's windows, without that window and without probabilities.</summary>
    /// <param name="key">The window's, such as <see cref="Place.Key"/>.</param>
    /// <param name="options">How many, where. Null: the ten best.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="KeyNotFoundException">The index has no such window.</exception>
    /// <exception cref="SwanOptionsException">The options are not valid, or ask for probabilities.</exception>
    public SwanPlaces SearchLike(string key, SwanPlaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        SwanPlaceOptions asked = WithoutProbability(options);
        return new SwanPlaces
        {
            Places = Find($"like {key}", asked, hits => Unjudged(_rows.SearchLike(key, hits, cancellationToken)), cancellationToken),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    /// <summary>Queries the rows so that the answer and the scenes belong together, even if a process writes meanwhile.</summary>
    /// <param name="ask">Asks; done again where the list of scenes changes meanwhile.</param>
    internal (LiveScenes.State Scenes, T Answer) Together<T>(Func<T> ask)
    {
        for (LiveScenes.State scenes = _scenes.Current; ;)
        {
            // Rows are written before the list that names them, and removed after it: rows as new as the list, and a list that stays the
            // same meanwhile, belong together.
            _rows.Refresh();
            T answer = ask();
            LiveScenes.State after = _scenes.Current;
            if (after.IsLike(scenes)) return (after, answer);
            scenes = after;
        }
    }

    private static IReadOnlyList<SwanAnswerHit> Unjudged(SwanHit[] hits) =>
        [.. hits.Select(h => new SwanAnswerHit(h.Key, h.Row, h.Score, null))];

    private static SwanPlaceOptions WithoutProbability(SwanPlaceOptions? options)
    {
        SwanPlaceOptions asked = Checked(options);
        return asked.MinProbability is null ? asked : throw new SwanOptionsException(
            $"{nameof(asked.MinProbability)} is for texts; other queries have no probabilities.");
    }

    private static SwanPlaceOptions Checked(SwanPlaceOptions? options)
    {
        SwanPlaceOptions asked = options ?? new();
        asked.Validate();
        return asked;
    }

    private IReadOnlyList<Place> Find(
        string query, SwanPlaceOptions asked, Func<SwanGallerySearchOptions, IReadOnlyList<SwanAnswerHit>> search, CancellationToken token)
    {
        var options = new SwanGallerySearchOptions { K = Math.Max(LeastHits, asked.Top * HitsAPlace), Filter = asked.Rows };
        var suppression = new SuppressionOptions { MaxOverlap = asked.MaxOverlap, MaxPlaces = asked.Top };
        while (true)
        {
            (LiveScenes.State scenes, IReadOnlyList<SwanAnswerHit> hits) = Together(() => search(options));
            Place[] found = [.. hits.Select(hit => scenes.PlaceOf(query, hit)).OfType<Place>()];
            IReadOnlyList<Place> kept = NonMaximumSuppression.Suppress(found, suppression, token);
            if (kept.Count == asked.Top || hits.Count < options.K) return kept;
            options.K = (int)Math.Min(int.MaxValue, (long)options.K * Growth);
        }
    }
}
