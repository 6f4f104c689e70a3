using Swan.MLNet;

namespace Swan.Geo.Scenes;

/// <summary>A scene can't be cut into windows or placed on the earth; the message names it and says what to do.</summary>
public sealed class SwanSceneException : SwanException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="scene">The file's path.</param>
    /// <param name="detail">What was found, what was expected, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanSceneException(string scene, string detail, Exception? innerException = null)
        : base($"The scene '{scene}': {detail}", innerException) => Scene = scene;

    /// <summary>The file's path.</summary>
    public string Scene { get; }
}
