import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Title and scope in the header; each board sets its own. */
export const useHeading = defineStore('heading', () => {
  const title = shallowRef('');
  const scope = shallowRef('');

  function set(newTitle: string, newScope: string): void {
    title.value = newTitle;
    scope.value = newScope;
  }

  return { title, scope, set };
});
