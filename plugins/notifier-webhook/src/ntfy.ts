/** https://docs.ntfy.sh/publish/#publish-as-json, posted to the root of a server. */
export function ntfyTemplate(topic: string): unknown {
  return {
    topic,
    title: '{{title}}',
    message: '{{message}}',
    priority: '{{priority}}',
    tags: ['no_entry'],
    // ntfy renders neither Markdown nor HTML unless it is told to.
    markdown: false,
  };
}
