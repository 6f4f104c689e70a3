namespace QuickStart;

/// <summary>A row of the images' view.</summary>
internal sealed record Picture(string ImagePath, string Scene);

/// <summary>A row of the captions' view: a caption, and which image it belongs to.</summary>
internal sealed record Sentence(string Text, string ImagePath);
